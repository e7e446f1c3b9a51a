import { Type, type Static } from 'typebox';

/** Limits of a cart: a shop's basket, not a warehouse's. */
export const LINES_MAX = 100;
export const QUANTITY_MAX = 999;
const CHOICES_MAX = 50;
const CHOICE_QUANTITY_MAX = 100;
const ID_LENGTH_MAX = 40;

const Id = Type.String({ minLength: 1, maxLength: ID_LENGTH_MAX });

/** A line of a cart, everywhere. */
export const CartLineSchema = Type.Object({
  variant_id: Id,
  quantity: Type.Integer({ minimum: 1, maximum: QUANTITY_MAX }),
  customizations: Type.Optional(
    Type.Array(
      Type.Object({ choice_id: Id, quantity: Type.Integer({ minimum: 1, maximum: CHOICE_QUANTITY_MAX }) }),
      { maxItems: CHOICES_MAX },
    ),
  ),
});
export type CartLine = Static<typeof CartLineSchema>;

export const ItemsSchema = Type.Array(CartLineSchema, { minItems: 1, maxItems: LINES_MAX });
