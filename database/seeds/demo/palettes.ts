import type { Hex } from './illustrations/colour.ts';

/** What stands behind the pictures of a store: a handful of colours that go together. */

/** The café: plaster, flour and morning. */
export const OAT: Hex = '#ebdcc3';
export const ROSE: Hex = '#ecd0c0';
export const SAGE: Hex = '#cdd7bb';
export const BUTTER: Hex = '#f2dfab';
export const SKY: Hex = '#c6d6da';

/** The roastery: painted walls. */
export const PETROL: Hex = '#2f5d62';
export const MARIGOLD: Hex = '#e3a43b';
export const PERSIMMON: Hex = '#d9683f';
export const CHALK: Hex = '#e6ded2';
export const MULBERRY: Hex = '#6b3f47';

/** The outdoor shop: high, pale and cool. */
export const FOG: Hex = '#dde2e0';
export const STONE: Hex = '#dfd8cb';
export const LICHEN: Hex = '#d3dac6';
export const DAWN: Hex = '#ead9cf';
export const GLACIER: Hex = '#cddce3';
