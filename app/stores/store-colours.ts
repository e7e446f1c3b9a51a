/** The store's accent in the shades that a theme needs, so that whatever colour a merchant picks stays readable. */
export interface AccentShades {
  /** For blocks and buttons: the accent itself, moved only if it would vanish on the page. */
  readonly block: string;
  /** For text on a block. */
  readonly onBlock: string;
  /** For text and links on the page. */
  readonly text: string;
}

type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The darkest light page and the lightest dark surface of our themes: what is readable there is readable on all of them. */
const LIGHT_PAGE: Rgb = [239, 233, 222];
const DARK_PAGE: Rgb = [38, 34, 31];
/** WCAG 2.2 AA is 4.5 for text and 3 for parts of controls. */
const TEXT_CONTRAST_MIN = 4.5;
const BLOCK_CONTRAST_MIN = 3;
const STEPS = 50;

/** The style sheet that sets the store's colours. `accent` is `#rrggbb`. */
export function storeColours(accent: string): string {
  const [light, dark] = [shadesOn(LIGHT_PAGE, accent), shadesOn(DARK_PAGE, accent)];
  return `:root{${declarations(light)}}@media (prefers-color-scheme:dark){:root{${declarations(dark)}}}`;
}

/** The accent's shades for light or dark pages. */
export function accentShades(accent: string, scheme: 'light' | 'dark'): AccentShades {
  return shadesOn(scheme === 'light' ? LIGHT_PAGE : DARK_PAGE, accent);
}

function shadesOn(page: Rgb, accent: string): AccentShades {
  const away = page === LIGHT_PAGE ? BLACK : WHITE;
  const block = readable(rgbOf(accent), { on: page, towards: away, contrast: BLOCK_CONTRAST_MIN });
  const text = readable(block, { on: page, towards: away, contrast: TEXT_CONTRAST_MIN });
  const onBlock = contrast(WHITE, block) >= TEXT_CONTRAST_MIN ? WHITE : BLACK;
  return { block: hexOf(block), onBlock: hexOf(onBlock), text: hexOf(text) };
}

/** The first colour on the way from `colour` towards black or white that has the contrast. */
function readable(
  colour: Rgb,
  { on, towards, contrast: minimum }: { on: Rgb; towards: Rgb; contrast: number },
): Rgb {
  const shades = Array.from({ length: STEPS + 1 }, (_, step) => mix(colour, towards, step / STEPS));
  return shades.find((shade) => contrast(shade, on) >= minimum) ?? towards;
}

/** Contrast of two colours as WCAG defines it, 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((channel, index) => Math.round(channel + ((to[index] ?? 0) - channel) * share)) as [
    number,
    number,
    number,
  ];
}

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function hexOf(colour: Rgb): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function declarations({ block, onBlock, text }: AccentShades): string {
  return `--accent:${block};--on-accent:${onBlock};--accent-text:${text}`;
}
