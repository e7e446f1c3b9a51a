import { describe, expect, it } from 'vitest';
import { demoMerchants, illustrate } from '#database/seeds/demo/index.ts';

const SIZE_MAX_BYTES = 12_000;
const TAG = /<(\/?)([a-zA-Z]+)((?: [\w:-]+="[^"<>&]*")*) ?(\/?)>/g;

/** Shapes and how they are painted: no scripts, no text, nothing from elsewhere. */
const ALLOWED = new Set(
  (
    'svg defs g use path ellipse rect clipPath pattern ' +
    'linearGradient radialGradient stop filter feGaussianBlur'
  ).split(' '),
);

const illustrations = demoMerchants.flatMap(({ stores }) =>
  stores.flatMap(({ products }) =>
    products.flatMap(({ pictures }) => pictures.map(({ illustration }) => illustration)),
  ),
);
const pictures = illustrations.map((illustration) => ({
  name: `${illustration.kind} ${illustration.colour} on ${illustration.backdrop}`,
  svg: illustrate(illustration),
}));

describe('the demo illustrations', () => {
  it('are all different', () => {
    expect(pictures.length).toBeGreaterThan(90);
    expect(new Set(pictures.map(({ svg }) => svg)).size).toBe(pictures.length);
  });

  it('are the same each time', () => {
    expect(illustrations.map(illustrate)).toEqual(pictures.map(({ svg }) => svg));
  });

  it.each(pictures)('$name is well-formed, small, 4:3 and stands alone', ({ svg }) => {
    expect(faultIn(svg)).toBeNull();
    expect(Buffer.byteLength(svg)).toBeLessThan(SIZE_MAX_BYTES);
    expect(svg).toContain('viewBox="0 0 800 600"');
    expect(elementsOf(svg).filter((name) => !ALLOWED.has(name))).toEqual([]);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|style=| on\w+=|(?:src|href)="(?!#)|url\((?!#)/);
  });

  it('have ids that are unique on a page of all, and refer only to their own', () => {
    const ids = pictures.flatMap(({ svg }) => idsOf(svg));
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, svg } of pictures) {
      const known = new Set(idsOf(svg));
      const used = [...svg.matchAll(/url\(#([\w-]+)\)|href="#([\w-]+)"/g)].map(
        ([, fill, use]) => fill ?? use,
      );
      expect(
        used.filter((id) => id === undefined || !known.has(id)),
        name,
      ).toEqual([]);
    }
  });

  it('carry the colour of the thing they show', () => {
    for (const { kind, backdrop, accent } of illustrations) {
      const [red, blue] = [
        illustrate({ kind, backdrop, accent, colour: '#c03030' }),
        illustrate({ kind, backdrop, accent, colour: '#3030c0' }),
      ];
      expect(withoutIds(red), kind).not.toBe(withoutIds(blue));
    }
  });
});

/** Why the markup is not well-formed XML of elements alone, without any text; null when it is. */
function faultIn(svg: string): string | null {
  const open: string[] = [];
  let end = 0;
  for (const { 0: tag, 1: closing, 2: name, 3: attributes, 4: empty, index } of svg.matchAll(TAG)) {
    if (index !== end) return `text at ${end}: ${svg.slice(end, index)}`;
    end = index + tag.length;
    const names = [...(attributes ?? '').matchAll(/ ([\w:-]+)=/g)].map(([, attribute]) => attribute);
    if (new Set(names).size !== names.length) return `an attribute twice in ${tag}`;
    if (closing === '/' && open.pop() !== name) return `</${name}> closes nothing`;
    if (closing === '' && empty === '') open.push(name ?? '');
  }
  if (end !== svg.length) return `text at ${end}: ${svg.slice(end, end + 40)}`;
  return open.length === 0 ? null : `<${open.at(-1)}> is never closed`;
}

function elementsOf(svg: string): string[] {
  return [...svg.matchAll(TAG)].map(([, , name]) => name ?? '');
}

function idsOf(svg: string): string[] {
  return [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id ?? '');
}

function withoutIds(svg: string): string {
  return svg.replaceAll(/p[0-9a-z]+-[0-9a-z]+/g, '');
}
