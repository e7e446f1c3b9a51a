import { resolve } from 'node:path';
import type { NuxtUIOptions } from '@nuxt/ui/unplugin';
import ui from '@nuxt/ui/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { compress } from './vite.compress.ts';

const project = import.meta.dirname;
const dashboard = resolve(project, 'dashboard');
const SCRIM = 'bg-zinc-950/40 dark:bg-zinc-950/60';

/** What differs from the library's own look: darker where contrast asks for it, dialogs that dim what is behind them and say what they are. */
const look = {
  colors: { primary: 'teal', error: 'rose', neutral: 'zinc' },
  button: {
    compoundVariants: [
      {
        color: 'primary',
        variant: 'solid',
        class: 'hover:bg-teal-800 active:bg-teal-900 dark:hover:bg-teal-300 dark:active:bg-teal-200',
      },
      {
        color: 'error',
        variant: 'solid',
        class: 'hover:bg-rose-800 active:bg-rose-900 dark:hover:bg-rose-300 dark:active:bg-rose-200',
      },
    ],
  },
  modal: { slots: { title: 'text-lg' }, variants: { overlay: { true: { overlay: SCRIM } } } },
  slideover: { slots: { overlay: SCRIM } },
} satisfies NuxtUIOptions['ui'];

export default defineConfig({
  root: dashboard,
  base: '/assets/dashboard/',
  plugins: [
    vue(),
    ui({
      root: project,
      router: 'inertia',
      colorMode: false,
      ui: look,
      // Only what is found here is bundled; an icon that is not would be asked of a server elsewhere.
      icon: { clientBundle: { scan: { globInclude: ['dashboard/**/*.{vue,ts}'] } } },
      components: { dts: resolve(dashboard, 'components.d.ts'), dirs: [] },
      autoImport: { dts: resolve(dashboard, 'auto-imports.d.ts') },
      experimental: { componentDetection: true },
    }),
    compress(),
  ],
  build: {
    outDir: resolve(project, 'dist/dashboard'),
    emptyOutDir: true,
    manifest: true,
    rolldownOptions: { input: [resolve(dashboard, 'main.ts'), resolve(dashboard, 'theme.ts')] },
  },
});
