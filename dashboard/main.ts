import { createInertiaApp } from '@inertiajs/vue3';
import ui from '@nuxt/ui/vue-plugin';
import { createApp, h, type DefineComponent } from 'vue';
import Root from './Root.vue';
import './main.css';

const pages = import.meta.glob<{ default: DefineComponent }>('./pages/**/*.vue');
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

void createInertiaApp({
  nonce,
  title: (title) => (title ? `${title} · StoreFlow` : 'StoreFlow'),
  progress: { color: 'var(--ui-primary)', delay: 250 },
  resolve: (name) => {
    const page = pages[`./pages/${name}.vue`];
    if (!page) throw new Error(`expected a page ./pages/${name}.vue, received none`);
    return page().then((module) => module.default);
  },
  setup: ({ el, App, props, plugin }) => {
    createApp({ render: () => h(Root, () => h(App, props)) })
      .use(plugin)
      .use(ui)
      .mount(el);
  },
});
