import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';
import { compress } from './vite.compress.ts';

const STYLES = ['classic', 'modern', 'minimal'].map((theme) => `storefront/themes/${theme}/assets/theme.css`);
const ISLANDS = ['cart-badge', 'product-form', 'cart-page', 'checkout-form', 'order-tracker', 'live-search'];
const FILES = 'storefront/assets';

/** Icons are named by pages, not by modules: put them into the build, and with it into the manifest, all the same. */
const emitFiles: Plugin = {
  name: 'storefront-files',
  generateBundle() {
    for (const name of readdirSync(FILES)) {
      const source = readFileSync(`${FILES}/${name}`);
      this.emitFile({ type: 'asset', name, originalFileName: `${FILES}/${name}`, source });
    }
  },
};

export default defineConfig({
  base: '/assets/storefront/',
  plugins: [emitFiles, compress()],
  publicDir: false,
  build: {
    outDir: 'dist/storefront',
    assetsDir: '',
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: false,
    target: 'es2022',
    rolldownOptions: {
      input: [...STYLES, ...ISLANDS.map((name) => `storefront/islands/${name}.ts`)],
    },
  },
});
