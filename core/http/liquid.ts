import { Liquid } from 'liquidjs';
import type { FilterImplOptions } from 'liquidjs';

/** Wall time of one page. It takes some milliseconds, but a machine that is busy with other things may stop it in the middle for a second. */
const RENDER_TIME_MAX_MS = 5_000;
const RENDER_MEMORY_MAX = 20_000_000;
const TEMPLATE_LENGTH_MAX = 500_000;

export interface TemplateOptions {
  /** Folders with `layout/`, `templates/`, `sections/`, `snippets/`; the first that has a file wins. */
  readonly folders: readonly string[];
  readonly filters: Readonly<Record<string, FilterImplOptions>>;
  /** Keep parsed templates; off while somebody edits them. */
  readonly cache: boolean;
  /** What they render to: values are escaped for HTML, and stay as they are in text. Default: HTML. */
  readonly output?: 'html' | 'text';
}

export interface Templates {
  /** Renders `templates/{name}.liquid`. `globals` are also seen by sections and snippets, `scope` only by the template. */
  render(name: string, scope: object, globals: object): string;
}

/**
 * Templates that outsiders may write: HTML is escaped, prototypes are hidden, time and memory are bounded, and no filter switches
 * escaping off except those given here. Renders synchronously: an instance must not mix both modes.
 */
export function createTemplates({ folders, filters, cache, output = 'html' }: TemplateOptions): Templates {
  const within = (...names: string[]) =>
    folders.flatMap((folder) => names.map((name) => `${folder}/${name}`));
  const engine = new Liquid({
    root: within('templates'),
    layouts: within('layout'),
    partials: within('sections', 'snippets'),
    extname: '.liquid',
    cache,
    relativeReference: false,
    ...(output === 'html' && { outputEscape: 'escape' as const }),
    ownPropertyOnly: true,
    strictFilters: true,
    parseLimit: TEMPLATE_LENGTH_MAX,
    renderLimit: RENDER_TIME_MAX_MS,
    memoryLimit: RENDER_MEMORY_MAX,
  });
  engine.unregisterFilter('raw');
  for (const [name, filter] of Object.entries(filters)) engine.registerFilter(name, filter);
  return {
    render: (name, scope, globals) => String(engine.renderFileSync(`${name}.liquid`, scope, { globals })),
  };
}
