import { opaqueId, type ProductId } from '#core/values/ids.ts';
import type { Product } from './product-view.ts';

type Variant = Product['variants'][number];
type Group = Product['customization_groups'][number];
type Choice = Group['choices'][number];
type Identified<View extends { id: string }> = Omit<View, 'id'> & { readonly id: number };

/** A product as its query reads it; lists without members are null. */
export interface ProductRow {
  readonly id: ProductId;
  /** On the list that it is read for. */
  readonly place: number;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly category: Product['category'];
  readonly tags: string[] | null;
  readonly images: ImageRow[] | null;
  readonly options: Product['options'] | null;
  readonly variants: VariantRow[] | null;
  readonly groups: GroupRow[] | null;
}

interface ImageRow {
  readonly id: number;
  readonly file: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
}

type VariantRow = Omit<Identified<Variant>, 'option_values' | 'image'> & {
  readonly option_values: string[] | null;
  readonly image_id: number | null;
};

type GroupRow = Omit<Identified<Group>, 'choices'> & {
  readonly choices: ChoiceRow[] | null;
};

type ChoiceRow = Identified<Choice>;

/** The address under which a stored file is served. */
export function mediaUrl(file: string): string {
  return `/media/${file}`;
}

export function projectProduct(row: ProductRow, currency: string): Product {
  const images = row.images ?? [];
  const variants = (row.variants ?? []).map((variant) => projectVariant(variant, images));
  const available = variants.filter((variant) => variant.available);
  const shown = cheapest(available.length > 0 ? available : variants);
  return {
    id: opaqueId('pr', row.id),
    slug: row.slug,
    name: row.name,
    description: row.description,
    price_cents: shown.price_cents,
    compare_at_cents: shown.compare_at_cents,
    currency,
    images: images.map(({ file, alt, width, height }) => ({ url: mediaUrl(file), alt, width, height })),
    category: row.category,
    tags: row.tags ?? [],
    available: available.length > 0,
    options: row.options ?? [],
    variants,
    customization_groups: (row.groups ?? []).map(projectGroup),
  };
}

function projectVariant({ image_id, ...variant }: VariantRow, images: readonly ImageRow[]): Variant {
  const image = images.findIndex(({ id }) => id === image_id);
  return {
    ...variant,
    id: opaqueId('va', variant.id),
    option_values: variant.option_values ?? [],
    image: image === -1 ? null : image,
  };
}

function projectGroup({ choices, ...group }: GroupRow): Group {
  return { ...group, id: opaqueId('gr', group.id), choices: (choices ?? []).map(projectChoice) };
}

function projectChoice(choice: ChoiceRow): Choice {
  return { ...choice, id: opaqueId('ch', choice.id) };
}

function cheapest(variants: readonly Variant[]): Variant {
  return variants.reduce((best, variant) => (variant.price_cents < best.price_cents ? variant : best));
}
