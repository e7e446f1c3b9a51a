import type { Cents } from '#core/values/money.ts';
import type { Hex } from './illustrations/colour.ts';
import type { Illustration } from './illustrations/illustrate.ts';

/** What a demo shop is: plain data, which names what it refers to. Whoever opens the shops turns names into ids. */

export interface DemoMerchant {
  readonly name: string;
  readonly people: readonly DemoPerson[];
  readonly stores: readonly DemoStore[];
}

export interface DemoPerson {
  readonly name: string;
  readonly email: string;
  readonly username: string;
  readonly role: 'owner' | 'manager' | 'staff';
  /** Slugs of the stores that a manager or staff member may enter; an owner has all without being listed. */
  readonly stores: readonly string[];
}

export interface DemoStore {
  readonly slug: string;
  readonly name: string;
  readonly tagline: string;
  readonly theme: 'classic' | 'modern' | 'minimal';
  readonly accent: Hex;
  readonly currency: string;
  readonly country: string;
  readonly locale: string;
  readonly timezone: string;
  readonly phone: string;
  readonly address: {
    readonly line1: string;
    readonly city: string;
    readonly state: string;
    readonly postcode: string;
  };
  readonly pickup: boolean;
  /** Null: the store does not ship. */
  readonly shipping: DemoShipping | null;
  readonly preparationMinutes: number;
  readonly ageMinutes?: { readonly amber: number; readonly red: number };
  readonly categories: readonly DemoCategory[];
  readonly products: readonly DemoProduct[];
}

export interface DemoCategory {
  readonly slug: string;
  readonly name: string;
}

export interface DemoProduct {
  /** Different from those of the merchant's other products, in whichever store. */
  readonly slug: string;
  readonly name: string;
  /** HTML. */
  readonly description: string;
  /** Slug of one of the store's categories. */
  readonly category: string;
  readonly tags: readonly string[];
  readonly shippable: boolean;
  /** Of one packed piece; null when nobody asks. */
  readonly dimensions: {
    readonly lengthMm: number;
    readonly widthMm: number;
    readonly heightMm: number;
  } | null;
  /** Names of the options; none when there is one variant. */
  readonly options: readonly string[];
  readonly variants: readonly DemoVariant[];
  readonly groups: readonly DemoGroup[];
  readonly pictures: readonly DemoPicture[];
}

export interface DemoVariant {
  /** One for each option, in their order. */
  readonly optionValues: readonly string[];
  readonly sku: string;
  readonly priceCents: Cents;
  readonly compareAtCents: Cents | null;
  readonly weightGrams: number;
  /** Pieces on the shelf when the demo opens; null when they are not counted. */
  readonly stock: number | null;
  /** Position among the product's pictures of the one that shows this variant; null when none is its own. */
  readonly picture: number | null;
}

export interface DemoGroup {
  readonly name: string;
  /** Counted in pieces: two extra shots are two. */
  readonly minSelect: number;
  readonly maxSelect: number;
  readonly required: boolean;
  readonly choices: readonly DemoChoice[];
}

export interface DemoChoice {
  readonly name: string;
  readonly priceDeltaCents: Cents;
  readonly maxQuantity: number;
}

export interface DemoPicture {
  readonly illustration: Illustration;
  readonly alt: string;
  /** The option value that it shows, when it shows one. */
  readonly of?: string;
}

export interface DemoShipping {
  readonly zones: readonly DemoZone[];
  readonly methods: readonly DemoMethod[];
  readonly rates: readonly DemoRate[];
}

export interface DemoZone {
  readonly name: string;
  readonly country: string;
  /** None means all of the country. */
  readonly states: readonly string[];
  /** None means all of those states. */
  readonly postcodes: readonly DemoPostcodes[];
}

export type DemoPostcodes =
  | { readonly kind: 'range'; readonly from: string; readonly to: string }
  | { readonly kind: 'prefix'; readonly prefix: string };

export interface DemoMethod {
  readonly label: string;
  readonly type: 'flat' | 'weight' | 'price' | 'formula';
  readonly active: boolean;
  readonly etaText: string;
}

export interface DemoRate {
  /** Name of a zone. */
  readonly zone: string;
  /** Label of a method. */
  readonly method: string;
  readonly minWeightGrams?: number;
  readonly maxWeightGrams?: number;
  readonly minTotalCents?: Cents;
  readonly maxTotalCents?: Cents;
  readonly baseCents: Cents;
  readonly perKgCents?: Cents;
}

export interface DemoCustomer {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly mobile: string;
  /** Slugs of the stores where the person orders; all of one merchant. */
  readonly stores: readonly string[];
  readonly address: {
    readonly country: string;
    readonly state: string | null;
    readonly postcode: string;
    readonly city: string;
    readonly line1: string;
    readonly line2: string | null;
  };
}
