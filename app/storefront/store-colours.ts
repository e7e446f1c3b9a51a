type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The darkest light page and the lightest dark surface of our themes: what is readable there is readable on all of them. */
const LIGHT_PAGE: Rgb = [239, 233, 222];
const DARK_PAGE: Rgb = [38, 34, 31];
/** WCAG 2.2 AA for text. */
const TEXT_CONTRAST_MIN = 4.5;
const STEPS = 50;

/**
 * The style sheet that sets a store's colours from its accent (`#rrggbb`): the accent itself for blocks, the colour of text on them, and
 * the accent as text on the page, moved until it is readable there whatever a merchant picked.
 */
export function storeColours(accent: string): string {
  const colour = rgbOf(accent);
  const onLight = readable(colour, { on: LIGHT_PAGE, towards: BLACK });
  const onDark = readable(colour, { on: DARK_PAGE, towards: WHITE });
  return (
    `:root{--accent:${accent};--on-accent:${textOn(accent)};--accent-text:${hexOf(onLight)}}` +
    `@media (prefers-color-scheme:dark){:root{--accent-text:${hexOf(onDark)}}}`
  );
}

/** The colour of text on a block of this colour; both `#rrggbb`. */
export function textOn(colour: string): string {
  return hexOf(contrast(WHITE, rgbOf(colour)) >= TEXT_CONTRAST_MIN ? WHITE : BLACK);
}

/** The first colour on the way from `colour` towards black or white that can be read. */
function readable(colour: Rgb, { on, towards }: { on: Rgb; towards: Rgb }): Rgb {
  const shades = Array.from({ length: STEPS + 1 }, (_, step) => mix(colour, towards, step / STEPS));
  return shades.find((shade) => contrast(shade, on) >= TEXT_CONTRAST_MIN) ?? towards;
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
