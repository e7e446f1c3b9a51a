import { describe, expect, it } from 'vitest';
import type { PublicOrder } from '#app/orders/order-view.ts';
import { trackingPage } from '#app/storefront/tracking-routes.ts';
import { ORIGIN, parcel, sampleOrder, sampleStore, sampleThemes } from './samples.ts';

const themes = sampleThemes();

function renderOrder(changes: Partial<PublicOrder>): string {
  const tracked = { order: sampleOrder(changes), store: sampleStore(), cursor: 'c1' };
  return themes.render(trackingPage(tracked, ORIGIN));
}

describe('a tracking page', () => {
  it('shows which steps are behind, which is now and which are to come, in the store’s time', () => {
    const html = renderOrder({});
    expect(html).toMatch(/data-step="pending" data-state="done"/);
    expect(html).toMatch(/data-step="accepted" data-state="current" aria-current="step"/);
    expect(html).toMatch(/data-step="ready" data-state="todo"/);
    expect(html).toMatch(/data-step="cancelled" data-state="absent" hidden/);
    expect(html).toMatch(/11:12\s?am/);
    expect(html).toContain('1 to follow');
  });

  it('hides what a cancelled order will not come to, and says why', () => {
    const cancelled = { status: 'cancelled', at: '2026-03-02T00:20:00.000Z' } as const;
    const html = renderOrder({
      status: 'cancelled',
      cancel_reason: 'No milk left',
      timeline: [...sampleOrder().timeline, cancelled],
    });
    expect(html).toMatch(/data-step="cancelled" data-state="current"/);
    expect(html).toMatch(/data-step="ready" data-state="absent" hidden/);
    expect(html).toContain('No milk left');
    expect(html).not.toContain('to follow');
  });

  it('says what went back, if anything did', () => {
    expect(renderOrder({})).not.toContain('Refunded');
    expect(renderOrder({ refunded_cents: 450 })).toMatch(/Refunded<\/dt><dd>−\$4\.50/);
  });

  it('leads to the parcel once it is on its way', () => {
    const shipping = parcel({ status: 'shipped', tracking_code: 'AP1' });
    expect(renderOrder({ fulfilment_type: 'shipping', shipping, status: 'shipped' })).toContain('AP1');
  });

  it('is kept from search engines and hands its position to the live connection', () => {
    const html = renderOrder({});
    expect(html).toContain('content="noindex"');
    expect(html).toContain('data-cursor="c1"');
  });
});
