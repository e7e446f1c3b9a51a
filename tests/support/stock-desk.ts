import { randomUUID } from 'node:crypto';
import type { Stock, StockChange } from '#app/stock/stock-view.ts';
import type { TestApp } from './app.ts';
import type { HttpClient, Json } from './http-client.ts';
import type { TestStore } from './merchants.ts';
import { checkOut, checkoutOf, expectStatus, line, move } from './orders.ts';
import { endHolds, SECOND_STEP, settleAll, TEST_CARDS } from './payments.ts';

export type StockWithLedger = Stock & { ledger: { data: StockChange[]; next_cursor: string | null } } & Json;

interface Desk {
  readonly app: TestApp;
  readonly store: TestStore;
  /** Who works there, unless somebody else is named. */
  readonly staff: HttpClient;
}

/** What staff and customers do over HTTP to the stock of the store's shirts of size M. The server takes test cards. */
export function stockDesk(desk: () => Desk) {
  const usual = () => desk().staff;
  const variantId = () => {
    const wanted = desk().store.products.tee.variants.find(({ title }) => title === 'M');
    return wanted?.id ?? '';
  };
  const adjust = (change: object, staff = usual()) => {
    const body = { variant_id: variantId(), reason_note: 'Counted', ...change };
    return staff.post<Stock & Json>('/dashboard/stock-adjustments', body);
  };
  const settings = (change: object, staff = usual()) =>
    staff.patch<Stock & Json>(`/dashboard/variants/${variantId()}/stock`, change);
  const read = (query = '', staff = usual()) =>
    staff.get<StockWithLedger>(`/dashboard/variants/${variantId()}/stock.json${query}`);

  const buy = (quantity: number, card: string | null = null) => {
    const { app, store } = desk();
    const items = [line(store.products.tee, { variant: 'M', quantity })];
    const payment = card ? { method: 'test' as const, source: card } : { method: 'manual' as const };
    return checkOut(app.visitor, store, checkoutOf(store, 'pickup', { items, payment }));
  };
  /** Buys what is paid over the counter; answers the order's public id. */
  const bought = async (quantity: number) => expectStatus(201, await buy(quantity)).public_id;
  /** Has pieces held for a customer who is about to take the second step; answers the payment's id. */
  const held = async (quantity: number) =>
    String(expectStatus(202, await buy(quantity, SECOND_STEP))['payment_id']);
  /** Takes the second step; answers the order's public id. */
  const comeBack = async (payment: string) => {
    const { app, store } = desk();
    const path = `/api/v1/stores/${store.slug}/payments/${payment}/confirmation`;
    const { public_id: id } = expectStatus(201, await app.visitor.send<Json>(path, { method: 'POST' }));
    return String(id);
  };
  const expireHolds = async () => {
    const { app } = desk();
    await endHolds(app);
    await settleAll(app, { database: app.database, providers: TEST_CARDS });
  };
  const cancel = async (publicId: string) =>
    expectStatus(200, await move(usual(), { public_id: publicId, version: 1 }, 'cancelled'));
  const refund = async (publicId: string, quantity: number) => {
    const body = { reason: 'Too many', lines: [{ position: 0, quantity }], restock: true };
    const headers = { 'idempotency-key': randomUUID() };
    return expectStatus(201, await usual().post(`/dashboard/orders/${publicId}/refunds`, body, headers));
  };

  return { variantId, adjust, settings, read, buy, bought, held, comeBack, expireHolds, cancel, refund };
}
