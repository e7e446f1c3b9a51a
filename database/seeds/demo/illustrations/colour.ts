/** `#rrggbb`. */
export type Hex = `#${string}`;

/** What light adds and what shade adds: a warm lamp and a plum dusk, so that no shadow is plain grey. */
export const LAMP: Hex = '#fffaf0';
export const DUSK: Hex = '#2e1b2f';

/** The colour with `amount` (0–1) of the light on it. */
export function lit(colour: Hex, amount: number): Hex {
  return mix(colour, LAMP, amount);
}

/** The colour with `amount` (0–1) of the shade on it. */
export function dim(colour: Hex, amount: number): Hex {
  return mix(colour, DUSK, amount);
}

/** A colour `amount` (0–1) of the way from one to the other, mixed in OKLab so that it stays clean. */
export function mix(from: Hex, to: Hex, amount: number): Hex {
  const [a, b] = [toOklab(from), toOklab(to)];
  return toHex([0, 1, 2].map((axis) => a[axis]! + (b[axis]! - a[axis]!) * amount));
}

function toOklab(hex: Hex): number[] {
  const [r, g, b] = [1, 3, 5].map((at) => toLinear(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  const l = Math.cbrt(0.4122214708 * r! + 0.5363325363 * g! + 0.0514459929 * b!);
  const m = Math.cbrt(0.2119034982 * r! + 0.6806995451 * g! + 0.1073969566 * b!);
  const s = Math.cbrt(0.0883024619 * r! + 0.2817188376 * g! + 0.6299787005 * b!);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function toHex(lab: readonly number[]): Hex {
  const [light, a, b] = lab as [number, number, number];
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return `#${channels.map((channel) => toByte(toGamma(channel))).join('')}`;
}

function toLinear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function toGamma(channel: number): number {
  return channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055;
}

function toByte(channel: number): string {
  const byte = Math.round(Math.min(1, Math.max(0, channel)) * 255);
  return byte.toString(16).padStart(2, '0');
}
