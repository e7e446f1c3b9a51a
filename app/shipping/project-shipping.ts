import { opaqueId } from '#core/values/ids.ts';
import type { ExplainedMethod, ShippingExplanation } from './explain-shipping.ts';
import type { Shipment, ShippingQuote, ShippingRate, ShippingRules } from './shipping-rules.ts';
import type { ShippingPreview, ShippingSettings } from './shipping-view.ts';
import { shippingWarnings } from './shipping-warnings.ts';

/** The rules of a store with what is worth a look in them. */
export function shippingSettings(rules: ShippingRules, version: number): ShippingSettings {
  const labels = new Map(rules.methods.map(({ id, label }) => [id, label]));
  const ratesByZone = Map.groupBy(rules.rates, ({ zoneId }) => zoneId);
  return {
    version,
    zones: rules.zones.map(({ id, name, country, states, postcodes }) => ({
      id: opaqueId('sz', id),
      name,
      country,
      states: [...states],
      postcodes: postcodes.map((rule) =>
        rule.kind === 'prefix' ? { prefix: rule.prefix } : { from: rule.from, to: rule.to },
      ),
      rates: (ratesByZone.get(id) ?? []).map((rate) => rateView(rate, labels.get(rate.methodId) ?? '')),
    })),
    methods: rules.methods.map(({ id, label, type, active, etaText }) => ({
      id: opaqueId('sm', id),
      label,
      type,
      active,
      eta_text: etaText,
    })),
    warnings: shippingWarnings(rules).map((warning) =>
      warning.kind === 'zones_overlap' ? { ...warning, zones: [...warning.zones] } : warning,
    ),
  };
}

/** What an address would pay, and why. */
export function shippingPreview(
  { destination, zones, methods }: ShippingExplanation,
  shipment: Shipment,
  { kind }: ShippingQuote,
): ShippingPreview {
  const { weightGrams, volumetricGrams, totalCents, shippable } = shipment;
  return {
    destination,
    shipment: {
      weight_grams: weightGrams,
      volumetric_grams: volumetricGrams,
      total_cents: totalCents,
      shippable,
    },
    outcome: kind,
    zones: zones.map(({ zone, matches, why }) => ({
      id: opaqueId('sz', zone.id),
      name: zone.name,
      matches,
      why,
    })),
    methods: methods.map(explainedMethod),
  };
}

function explainedMethod({ method, priceCents, weightGrams, weighed, rates }: ExplainedMethod) {
  return {
    id: opaqueId('sm', method.id),
    label: method.label,
    active: method.active,
    price_cents: priceCents,
    weight_grams: weightGrams,
    weighed,
    rates: rates.map(({ zone, rate, priceCents: price, verdict }) => ({
      zone: zone.name,
      ...rateView(rate, method.label),
      price_cents: price,
      verdict,
    })),
  };
}

function rateView(rate: ShippingRate, method: string) {
  return {
    method,
    min_weight_grams: rate.minWeightGrams,
    max_weight_grams: rate.maxWeightGrams,
    min_total_cents: rate.minTotalCents,
    max_total_cents: rate.maxTotalCents,
    base_cents: rate.baseCents,
    per_kg_cents: rate.perKgCents,
  };
}
