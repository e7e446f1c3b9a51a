import type { Hex } from './colour.ts';

export const SHEET_WIDTH = 800;
export const SHEET_HEIGHT = 600;

/** A sheet of paper for one picture: it keeps the gradients, clips and blurs that its shapes refer to. */
export interface Sheet {
  /** Adds a definition (once, however often it is asked for) and answers its reference, `url(#id)`. */
  define(element: string, attributes: string, content: string): string;
  /** The finished picture. */
  toSvg(body: string): string;
}

/** What a drawing is made with: its sheet, and the product's own two colours. */
export interface Ink {
  readonly sheet: Sheet;
  readonly colour: Hex;
  readonly accent: Hex;
}

export type Drawing = (ink: Ink) => string;

/** An empty sheet whose ids all begin with `name`, so that many pictures can share a page. */
export function createSheet(name: string): Sheet {
  const ids = new Map<string, string>();
  return {
    define(element, attributes, content) {
      const markup = `<${element} ${attributes}>${content}</${element}>`;
      const id = ids.get(markup) ?? `${name}-${ids.size.toString(36)}`;
      ids.set(markup, id);
      return `url(#${id})`;
    },
    toSvg(body) {
      const definitions = [...ids].map(([markup, id]) => markup.replace(' ', ` id="${id}" `)).join('');
      return (
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SHEET_WIDTH} ${SHEET_HEIGHT}">` +
        `<defs>${definitions}</defs>${body}</svg>`
      );
    },
  };
}
