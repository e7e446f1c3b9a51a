import { cents, type Cents } from '#core/values/money.ts';
import { idBehind, type ShippingMethodId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { noRate } from '../shipping/missing-rate.ts';
import { quoteShipping } from '../shipping/quote-shipping.ts';
import type { ShippingLookup } from '../shipping/shipping-lookup.ts';
import { shipmentOf, type Destination, type ShippingOption } from '../shipping/shipping-rules.ts';
import type { PricedLine } from './price-cart.ts';

/** What shipping a cart to a place would cost, by method. Empty when nothing in it needs shipping. */
export function shippingOptions(
  lookup: ShippingLookup,
  to: Destination,
  lines: readonly PricedLine[],
): readonly ShippingOption[] {
  const shipment = shipmentOf(lines.map(shipmentLine));
  const quote = quoteShipping(lookup, to, shipment);
  if (quote.kind === 'not_delivered') {
    throw refusal(
      'DELIVERY_NOT_AVAILABLE_FOR_POSTCODE',
      `The store does not deliver to ${to.postcode}, ${to.country}.`,
    );
  }
  if (quote.kind === 'no_rate') throw noRate(to, shipment);
  return quote.kind === 'options' ? quote.options : [];
}

export interface ChosenShipping {
  readonly id: ShippingMethodId | null;
  readonly label: string;
  readonly priceCents: Cents;
}

/** The option that the customer chose; refuses one that is not among those quoted for this address and cart. */
export function chooseShipping(options: readonly ShippingOption[], methodId: string | null): ChosenShipping {
  if (options.length === 0) return { id: null, label: 'No shipping needed', priceCents: cents(0) };
  const id = idBehind<ShippingMethodId>('sm', methodId ?? '');
  const option = options.find((candidate) => candidate.methodId === id);
  if (!option || id === null) {
    throw refusal(
      'SHIPPING_METHOD_UNAVAILABLE',
      'Choose one of the shipping methods quoted for this address.',
      {
        errors: { shipping_method_id: ['is not available for this address and cart'] },
      },
    );
  }
  return { id, label: option.label, priceCents: option.priceCents };
}

function shipmentLine({ variant, quantity, unitCents }: PricedLine) {
  const { weightGrams, lengthMm, widthMm, heightMm, shippable } = variant;
  return { quantity, unitPriceCents: unitCents, weightGrams, lengthMm, widthMm, heightMm, shippable };
}
