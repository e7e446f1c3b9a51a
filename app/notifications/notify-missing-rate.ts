import type { InwardListener } from '#core/events/listener.ts';
import { formatMoney } from '#core/values/format.ts';
import type { ShippingRateMissingPayload } from '../shipping/missing-rate.ts';
import { notify } from './notify.ts';
import { within } from './within.ts';

const TITLE_MAX = 200;
const GRAMS_PER_KILOGRAM = 1000;

/** Tells staff that a customer whom a zone takes could not order, because no rate is for what they have in their cart. */
export const notifyMissingRate: InwardListener = {
  name: 'notify_missing_rate',
  handle: async (tx, event) => {
    const { country, state, postcode, ...shipment } = event.payload as ShippingRateMissingPayload;
    const place = [postcode, state, country].filter(Boolean).join(' ');
    const weight = `${shipment.weight_grams / GRAMS_PER_KILOGRAM} kg`;
    const total = formatMoney(shipment.total_cents, shipment.currency, 'en');
    await notify(tx, event, {
      kind: 'shipping_rate_missing',
      title: within(TITLE_MAX, `No shipping rate: ${place}`),
      body: `A cart of ${weight} for ${total} could not be ordered. The preview of shipping says which rates kept it out, and why.`,
    });
  },
};
