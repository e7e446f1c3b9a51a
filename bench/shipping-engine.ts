import { quoteShipping } from '#app/shipping/quote-shipping.ts';
import type { PostcodeRule } from '#app/shipping/postcode.ts';
import { buildShippingLookup } from '#app/shipping/shipping-lookup.ts';
import type {
  Destination,
  Shipment,
  ShippingMethodType,
  ShippingRate,
  ShippingRules,
  ShippingZone,
} from '#app/shipping/shipping-rules.ts';
import { cents } from '#core/values/money.ts';

const ZONES = 200;
const METHODS: readonly ShippingMethodType[] = ['flat', 'weight', 'price', 'formula', 'weight'];
const RATES_PER_METHOD = 4;
const POSTCODES_PER_ZONE = 45;
const WARM_UP_QUOTES = 20_000;
const ROUNDS = 15;
const QUOTES_PER_ROUND = 2000;
const TARGET_MICROSECONDS = 100;

type BenchRow = { work: string; value: number; unit: string; target: string; holds: boolean };

/** Median microseconds of one quote by the engine alone, without HTTP, cache or database. */
export async function benchShippingEngine(): Promise<BenchRow[]> {
  const size = `${ZONES} zones × ${METHODS.length} methods × ${RATES_PER_METHOD} rates`;
  const apart = rulesOver((zone) => [
    { kind: 'range', from: String(zone * POSTCODES_PER_ZONE), to: String((zone + 1) * POSTCODES_PER_ZONE) },
    { kind: 'prefix', prefix: `Z${zone}` },
  ]);
  const overlapping = rulesOver((zone) => [{ kind: 'range', from: String(zone), to: '9999' }]);
  return [
    measure(`quote, ${size}, each postcode in one or two zones`, apart, spreadDestinations()),
    measure(`quote, ${size}, one postcode in all zones`, overlapping, [destinationAt('9000')]),
  ];
}

function measure(work: string, rules: ShippingRules, destinations: readonly Destination[]): BenchRow {
  const lookup = buildShippingLookup(rules);
  const questions = destinations.flatMap((destination) =>
    shipments().map((shipment) => ({ destination, shipment })),
  );
  const run = (quotes: number): number => {
    const begin = performance.now();
    for (let done = 0; done < quotes; done += 1) {
      const question = questions[done % questions.length];
      if (
        question === undefined ||
        quoteShipping(lookup, question.destination, question.shipment).kind !== 'options'
      ) {
        throw new Error(`expected options for ${JSON.stringify(question)}, received none`);
      }
    }
    return ((performance.now() - begin) * 1000) / quotes;
  };
  run(WARM_UP_QUOTES);
  const value = median(Array.from({ length: ROUNDS }, () => run(QUOTES_PER_ROUND)));
  return {
    work,
    value: Number(value.toFixed(2)),
    unit: 'µs',
    target: `< ${TARGET_MICROSECONDS} µs`,
    holds: value < TARGET_MICROSECONDS,
  };
}

function rulesOver(postcodesOf: (zone: number) => PostcodeRule[]): ShippingRules {
  const zones = Array.from({ length: ZONES }, (_, index): ShippingZone => {
    return { id: index, name: `Zone ${index}`, country: 'AU', states: [], postcodes: postcodesOf(index) };
  });
  const methods = METHODS.map((type, id) => ({
    id,
    label: `Method ${id}`,
    type,
    active: true,
    etaText: '2 days',
  }));
  const rates = zones.flatMap((zone) => methods.flatMap((method) => ratesOf(zone.id, method.id)));
  return { zones, methods, rates };
}

/** Weight bands, of which the last, open one is reached only after all others were tried. */
function ratesOf(zoneId: number, methodId: number): ShippingRate[] {
  return Array.from({ length: RATES_PER_METHOD }, (_, band) => ({
    zoneId,
    methodId,
    minWeightGrams: band * 1000,
    maxWeightGrams: band === RATES_PER_METHOD - 1 ? null : band * 1000 + 999,
    minTotalCents: null,
    maxTotalCents: null,
    baseCents: cents(500 + zoneId + methodId * 100 + band * 50),
    perKgCents: cents(120),
  }));
}

function spreadDestinations(): Destination[] {
  return Array.from({ length: ZONES }, (_, zone) => [
    destinationAt(String(zone * POSTCODES_PER_ZONE).padStart(4, '0')),
    destinationAt(`z${zone} 1ab`),
  ]).flat();
}

function destinationAt(postcode: string): Destination {
  return { country: 'au', state: 'VIC', postcode };
}

function shipments(): Shipment[] {
  return [400, 1400, 2400, 5400].map((weightGrams) => {
    return { weightGrams, volumetricGrams: 2600, totalCents: cents(5900), shippable: true };
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

if (import.meta.main) {
  console.log(`median of ${ROUNDS} rounds of ${QUOTES_PER_ROUND} quotes`);
  console.table(await benchShippingEngine());
}
