import { overlappingZones } from './overlapping-zones.ts';
import { rateGaps, rateOverlaps, type RateArea } from './rate-areas.ts';
import type { ShippingRules } from './shipping-rules.ts';

/** What may be meant, but is worth a look before customers find it. */
export type ShippingWarning =
  /** An address in both pays the cheaper of the two. */
  | { readonly kind: 'zones_overlap'; readonly zones: readonly string[] }
  /** Shipments that two rates take pay the narrower one. */
  | ({ readonly kind: 'rates_overlap' } & RateWarning)
  /** Between rates there are shipments that none of them takes. */
  | ({ readonly kind: 'rates_gap' } & RateWarning);

type RateWarning = { readonly zone: string; readonly method: string } & RateArea;

const WARNINGS_MAX = 100;

/** Zones that take the same postcodes, and rates of one method in one zone that overlap or leave gaps. At most a hundred. */
export function shippingWarnings(rules: ShippingRules): ShippingWarning[] {
  const zones = overlappingZones(rules.zones, WARNINGS_MAX).map((pair) => ({
    kind: 'zones_overlap' as const,
    zones: pair,
  }));
  return [...zones, ...rateWarnings(rules)].slice(0, WARNINGS_MAX);
}

function rateWarnings({ zones, methods, rates }: ShippingRules): ShippingWarning[] {
  const byZone = Map.groupBy(rates, ({ zoneId }) => zoneId);
  return zones.flatMap((zone) => {
    const byMethod = Map.groupBy(byZone.get(zone.id) ?? [], ({ methodId }) => methodId);
    return methods.flatMap((method): ShippingWarning[] => {
      const of = byMethod.get(method.id) ?? [];
      const where = { zone: zone.name, method: method.label };
      return [
        ...rateOverlaps(of).map((area) => ({ kind: 'rates_overlap' as const, ...where, ...area })),
        ...rateGaps(of).map((area) => ({ kind: 'rates_gap' as const, ...where, ...area })),
      ];
    });
  });
}
