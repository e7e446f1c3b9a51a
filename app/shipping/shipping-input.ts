import type { Static } from 'typebox';
import { cents, type Cents } from '#core/values/money.ts';
import type { PostcodeRule } from './postcode.ts';
import type { MethodSetup, RateSetup, ShippingSetup, ZoneSetup } from './shipping-setup.ts';
import type {
  MethodBodySchema,
  PostcodeRuleSchema,
  RateSchema,
  ShippingBodySchema,
  ZoneBodySchema,
} from './shipping-view.ts';

type ZoneBody = Omit<Static<typeof ZoneBodySchema>, 'version'>;
type MethodBody = Omit<Static<typeof MethodBodySchema>, 'version'>;
type RateBody = Static<typeof RateSchema>;

/** All rules of a store from what was sent. */
export function setupOf({
  zones,
  methods,
}: Omit<Static<typeof ShippingBodySchema>, 'version'>): ShippingSetup {
  return {
    zones: zones.map(zoneOf),
    methods: methods.map(methodOf),
    rates: zones.flatMap(({ name, rates }) =>
      rates.map((rate) => ({ ...rateOf(rate), zone: name.trim(), method: rate.method.trim() })),
    ),
  };
}

export function zoneOf({ name, country, states, postcodes }: ZoneBody): ZoneSetup {
  return { name: name.trim(), country, states, postcodes: postcodes.map(ruleOf) };
}

export function methodOf({ label, type, active, eta_text }: MethodBody): MethodSetup {
  return { label: label.trim(), type, active, etaText: eta_text.trim() };
}

export function rateOf(rate: RateBody): Omit<RateSetup, 'zone'> {
  return {
    method: rate.method.trim(),
    minWeightGrams: rate.min_weight_grams ?? null,
    maxWeightGrams: rate.max_weight_grams ?? null,
    minTotalCents: amountOf(rate.min_total_cents),
    maxTotalCents: amountOf(rate.max_total_cents),
    baseCents: cents(rate.base_cents),
    perKgCents: amountOf(rate.per_kg_cents),
  };
}

function ruleOf(rule: Static<typeof PostcodeRuleSchema>): PostcodeRule {
  return 'prefix' in rule ? { kind: 'prefix', ...rule } : { kind: 'range', ...rule };
}

function amountOf(amount: number | null | undefined): Cents | null {
  return amount === null || amount === undefined ? null : cents(amount);
}
