import type { CategoryId, VariantId } from '#core/values/ids.ts';
import type { Cents } from '#core/values/money.ts';

/** A product as its merchant wants it: what an import, a seed or a form gives to `saveProduct`. */
export interface ProductDraft {
  /** Its address, and what it is known by: saving it again changes the same product. */
  readonly slug: string;
  readonly name: string;
  /** HTML; only harmless marks are kept of it. */
  readonly description: string;
  /** One that there is, or one to be found by its slug and made when absent. */
  readonly category: { readonly id: CategoryId } | CategoryDraft | null;
  readonly tags: readonly string[];
  /** Absent: the one it has stays. */
  readonly taxClass?: string;
  readonly shippable: boolean;
  readonly active: boolean;
  /** Names of the options, e.g. Size and Colour; none when there is only one variant. */
  readonly options: readonly string[];
  readonly variants: readonly VariantDraft[];
  /** Absent: those it has stay. */
  readonly images?: readonly ImageDraft[];
  /** Absent: those it has stay. */
  readonly groups?: readonly GroupDraft[];
  /** Of one packed piece. Absent: those it has stay. */
  readonly dimensions?: Dimensions | null;
}

export interface CategoryDraft {
  readonly slug: string;
  readonly name: string;
}

export interface VariantDraft {
  /** Which of the product's variants it is. Absent: the one of these option values, else of this SKU, else a new one. */
  readonly id?: VariantId;
  /** One for each option, in their order. */
  readonly optionValues: readonly string[];
  readonly sku: string | null;
  readonly priceCents: Cents;
  readonly compareAtCents: Cents | null;
  readonly weightGrams: number;
  /** Pieces in the store; null when they are not counted. Absent: as it is. */
  readonly stock?: number | null;
  /** Whether it is sold on in the store when nothing is left. Absent: as it is. */
  readonly backorder?: boolean;
  /** Position of its picture among the images; null for none. Absent: the one it has stays. */
  readonly image?: number | null;
}

export interface ImageDraft {
  /** Name of a stored file. */
  readonly file: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
}

export interface Dimensions {
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

export interface GroupDraft {
  readonly name: string;
  readonly minSelect: number;
  readonly maxSelect: number;
  readonly required: boolean;
  readonly choices: readonly ChoiceDraft[];
}

export interface ChoiceDraft {
  readonly name: string;
  readonly priceDeltaCents: Cents;
  readonly maxQuantity: number;
}

export const OPTIONS_MAX = 3;
export const VARIANTS_MAX = 250;

/** What a variant is called: the values of its options; nothing when it is the only one. */
export function variantTitle({ optionValues }: Pick<VariantDraft, 'optionValues'>): string {
  return optionValues.join(' / ');
}

/** Why a draft cannot be a product: where, and what was expected there. */
export interface Contradiction {
  readonly fields: readonly string[];
  readonly reason: string;
}

/** The first that there is, or null. */
export function contradictionIn({ options, variants, groups = [] }: ProductDraft): Contradiction | null {
  const reason = contradictionOfVariants(options, variants);
  return reason === null ? contradictionOfGroups(groups) : { fields: ['options', 'variants'], reason };
}

function contradictionOfVariants(
  options: readonly string[],
  variants: readonly VariantDraft[],
): string | null {
  if (variants.length === 0) return 'expected at least one variant, received none';
  if (variants.length > VARIANTS_MAX)
    return `expected at most ${VARIANTS_MAX} variants, received ${variants.length}`;
  if (options.length > OPTIONS_MAX)
    return `expected at most ${OPTIONS_MAX} options, received ${options.length}`;
  const repeatedOption = repeated(options);
  if (repeatedOption !== undefined)
    return `expected options of different names, received "${repeatedOption}" twice`;
  const odd = variants.find(({ optionValues }) => optionValues.length !== options.length);
  if (odd)
    return `expected a value for each of ${options.length} options, received ${odd.optionValues.length}`;
  const twin = repeated(variants.map(variantTitle));
  return twin === undefined ? null : `expected variants that differ, received "${twin}" twice`;
}

function contradictionOfGroups(groups: readonly GroupDraft[]): Contradiction | null {
  const twin = repeated(groups.map(({ name }) => name));
  if (twin !== undefined)
    return {
      fields: ['customization_groups'],
      reason: `expected groups of different names, received "${twin}" twice`,
    };
  const wrong = groups.map(contradictionOfGroup);
  const at = wrong.findIndex((reason) => reason !== null);
  const reason = wrong[at];
  return reason ? { fields: [`customization_groups.${at}`], reason } : null;
}

function contradictionOfGroup({ minSelect, maxSelect, required, choices }: GroupDraft): string | null {
  const twin = repeated(choices.map(({ name }) => name));
  if (twin !== undefined) return `expected choices of different names, received "${twin}" twice`;
  if (minSelect > maxSelect) return `expected min_select up to ${maxSelect}, received ${minSelect}`;
  if (required && minSelect === 0)
    return 'expected min_select of 1 or more where one must choose, received 0';
  const most = choices.reduce((sum, { maxQuantity }) => sum + maxQuantity, 0);
  return minSelect > most ? `expected choices for min_select ${minSelect}, received ${most} of them` : null;
}

function repeated(texts: readonly string[]): string | undefined {
  return texts.find((text, at) => texts.indexOf(text) !== at);
}
