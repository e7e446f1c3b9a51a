import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { idBehind, type CategoryId, type VariantId } from '#core/values/ids.ts';
import { cents } from '#core/values/money.ts';
import { refusal } from '../errors.ts';
import type { ManagedProduct, ProductForm } from './managed-product-view.ts';
import { variantTitle, type ProductDraft, type VariantDraft } from '../catalog/product.ts';

type VariantForm = ProductForm['variants'][number];

/** What a form is about beside its fields: the slug it gets, whether it is sold, and the product as it is, when there is one. */
interface About {
  readonly slug: string;
  readonly active: boolean;
  readonly present: Pick<ManagedProduct, 'variants' | 'images'> | null;
}

/** The product that a form describes. Refuses VALIDATION_FAILED, with the field, for what names nothing of the product. */
export function draftOf(form: ProductForm, { slug, active, present }: About): ProductDraft {
  const { category = null, dimensions = null } = form;
  return {
    slug,
    active,
    name: form.name.trim(),
    description: form.description,
    category: category === null ? null : { id: categoryIdOf(category) },
    tags: [...new Set(form.tags.map((tag) => tag.trim()))],
    taxClass: form.tax_class,
    shippable: form.shippable,
    dimensions: dimensions && {
      lengthMm: dimensions.length_mm,
      widthMm: dimensions.width_mm,
      heightMm: dimensions.height_mm,
    },
    options: form.options.map((name) => name.trim()),
    variants: form.variants.map((variant, at) => variantOf(variant, `variants.${at}`, present)),
    groups: form.customization_groups.map((group) => ({
      name: group.name,
      minSelect: group.min_select,
      maxSelect: group.max_select,
      required: group.required,
      choices: group.choices.map((choice) => ({
        name: choice.name,
        priceDeltaCents: cents(choice.price_delta_cents),
        maxQuantity: choice.max_quantity,
      })),
    })),
  };
}

function categoryIdOf(named: string): CategoryId {
  const id = idBehind<CategoryId>('ca', named);
  if (id === null) throw wrong('category', 'must be the id of a category of this store');
  return id;
}

function variantOf(form: VariantForm, field: string, present: About['present']): VariantDraft {
  const { sku = null, compare_at_cents: compareAt = null, stock = null, image } = form;
  const optionValues = form.option_values.map((value) => value.trim());
  const known = knownVariant({ ...form, option_values: optionValues }, field, present);
  if (known !== null && stock !== null) throw wrong(`${field}.stock`, 'is changed by adjusting the stock');
  if (compareAt !== null && compareAt <= form.price_cents)
    throw wrong(`${field}.compare_at_cents`, 'must be above price_cents');
  return {
    ...(known !== null && { id: known }),
    optionValues,
    sku: sku?.trim() ?? null,
    priceCents: cents(form.price_cents),
    compareAtCents: compareAt === null ? null : cents(compareAt),
    weightGrams: form.weight_grams,
    ...(stock !== null && { stock }),
    ...(image !== undefined && { image: image === null ? null : imagePosition(image, field, present) }),
  };
}

/** The one that the form names, else the one of its option values. */
function knownVariant(form: VariantForm, field: string, present: About['present']): VariantId | null {
  const variants = present?.variants ?? [];
  const title = variantTitle({ optionValues: form.option_values });
  const known = variants.find((variant) =>
    form.id === undefined ? variant.title === title : variant.id === form.id,
  );
  if (form.id !== undefined && !known) throw wrong(`${field}.id`, 'must be a variant of this product');
  return known ? idBehind<VariantId>('va', known.id) : null;
}

function imagePosition(named: string, field: string, present: About['present']): number {
  const position = present?.images.findIndex(({ id }) => id === named) ?? -1;
  if (position === -1) throw wrong(`${field}.image`, 'must be a picture of this product');
  return position;
}

function wrong(field: string, reason: string) {
  return refusal('VALIDATION_FAILED', `${field} ${reason}.`, { errors: { [field]: [reason] } });
}

/** Whether another product in sight of the store has the slug, archived ones too. */
export async function isSlugTaken({ sql, tenant }: TenantTx<StoreTenant>, slug: string): Promise<boolean> {
  const [taken] = await sql`SELECT FROM products WHERE merchant_id = ${tenant.merchantId} AND slug = ${slug}`;
  return taken !== undefined;
}

export function slugTaken(slug: string) {
  return refusal('SLUG_TAKEN', `Expected a slug that is free, received "${slug}".`, {
    errors: { slug: ['is taken by another product of the merchant'] },
  });
}
