import { createHash } from 'node:crypto';
import type postgres from 'postgres';
import { stepsOf } from '#app/orders/order.ts';
import { storeOrdersChannel } from '#app/orders/order-channels.ts';
import { EVENT_RETENTION_DAYS } from '#core/events/event-partitions.ts';
import { VARIANTS_PER_MERCHANT } from './many-shops.ts';
import type { BenchShop } from './shops.ts';

/** Orders of a store: those in work, those that ended within the last hours and are still on the board, and the rest over half a year. */
export const ORDERS_PER_STORE = 100;
const OPEN = 8;
const ENDED_LATELY = 8;
const LATELY_HOURS = 10;
const HISTORY_DAYS = 180;
const CUSTOMERS_PER_MERCHANT = 160;
const NAMES = ['Ada', 'Noor', 'Mei', 'Tomás', 'Ines', 'Kofi', 'Yuki', 'Lars'];
const FIRST_NUMBER = 1001;
/** Orders that one statement writes. */
const BATCH = 50_000;

/**
 * Gives each of the stores as many orders as all others, with lines, choices, stock ledger, audit, mails and, as long as they are kept, events
 * with their deliveries: what is there after half a year. Orders come in the order of time, so those of one store lie as far apart as they do
 * in a shop. As the superuser, into a database without orders whose numbers of stores and merchants begin at 1.
 */
export async function writeHistory(
  admin: postgres.Sql,
  shops: readonly BenchShop[],
  onProgress: (orders: number) => void,
): Promise<void> {
  await insertCustomers(admin, shops);
  await insertCounters(admin, shops);
  const rounds = Math.max(1, Math.floor(BATCH / shops.length));
  for (let from = 0; from < ORDERS_PER_STORE; from += rounds) {
    const to = Math.min(from + rounds, ORDERS_PER_STORE);
    await insertOrders(admin, shops, { from, to });
    onProgress(to * shops.length);
  }
}

/** The token of an order, so that its tracking page can be asked for. */
export function tokenOf(id: number): string {
  return createHash('sha256').update(`order ${id}`).digest('base64url').slice(0, 22);
}

async function insertCustomers(admin: postgres.Sql, shops: readonly BenchShop[]): Promise<void> {
  const merchants = [...new Set(shops.map(({ merchantId }) => merchantId))];
  await admin`
    INSERT INTO customers (merchant_id, id, public_id, first_name, last_name, email, created_at)
    SELECT merchant, id, ${token(admin, 'customer')}, (${NAMES}::text[])[1 + id % ${NAMES.length}], 'Bench ' || nth, 'customer-' || nth || '@example.com',
      now() - make_interval(days => ${HISTORY_DAYS}, mins => nth)
    FROM unnest(${merchants}::bigint[]) merchant, generate_series(0, ${CUSTOMERS_PER_MERCHANT - 1}::int) nth,
      LATERAL (SELECT (merchant - 1) * ${CUSTOMERS_PER_MERCHANT}::bigint + nth + 1) AS numbered (id)`;
}

async function insertCounters(admin: postgres.Sql, shops: readonly BenchShop[]): Promise<void> {
  const [merchants, stores] = [
    shops.map(({ merchantId }) => merchantId),
    shops.map(({ storeId }) => storeId),
  ];
  await admin`
    INSERT INTO order_counters (merchant_id, store_id, last_number)
    SELECT merchant, store, ${FIRST_NUMBER + ORDERS_PER_STORE - 1} FROM unnest(${merchants}::bigint[], ${stores}::bigint[]) AS t (merchant, store)`;
}

/** Of each store, one after another in time. */
interface Rounds {
  readonly from: number;
  readonly to: number;
}

async function insertOrders(
  admin: postgres.Sql,
  shops: readonly BenchShop[],
  { from, to }: Rounds,
): Promise<void> {
  const stores = shops.map(({ merchantId, storeId }) => {
    return { merchant_id: merchantId, store_id: storeId, channel: storeOrdersChannel(storeId) };
  });
  const [pickup, shipping] = [statusesOf('pickup'), statusesOf('shipping')];
  const [endedLately, inWork] = [ORDERS_PER_STORE - OPEN - ENDED_LATELY, ORDERS_PER_STORE - OPEN];
  await admin`
    WITH shop AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${admin.json(stores)}) AS shop (merchant_id bigint, store_id bigint, channel text)
    ), goods AS MATERIALIZED (
      SELECT variant.merchant_id, variant.id, product.name, title, sku, price_cents, choice.name AS choice, price_delta_cents AS delta,
        row_number() OVER (PARTITION BY variant.merchant_id ORDER BY variant.id) - 1 AS nth
      FROM variants AS variant
        JOIN products AS product ON product.merchant_id = variant.merchant_id AND product.id = variant.product_id
        JOIN customization_groups AS extras ON extras.merchant_id = product.merchant_id AND extras.product_id = product.id
        JOIN customization_choices AS choice ON choice.merchant_id = extras.merchant_id AND choice.group_id = extras.id AND choice.position = 1
    ), planned AS MATERIALIZED (
      SELECT shop.*, n, (store_id - 1) * ${ORDERS_PER_STORE} + n + 1 AS id, ${FIRST_NUMBER} + n AS number, (n + store_id) % 2 = 0 AS pickup,
        CASE WHEN n >= ${inWork} THEN 1 + n % 4 WHEN n % 30 = 7 THEN 2 ELSE 5 END AS step, n < ${inWork} AND n % 30 = 7 AS cancelled,
        now() - make_interval(secs => store_id % 600) - CASE
          WHEN n >= ${inWork} THEN make_interval(mins => 10 * (${ORDERS_PER_STORE} - n))
          WHEN n >= ${endedLately} THEN make_interval(hours => 2, mins => 60 * ${LATELY_HOURS - 2} / ${ENDED_LATELY} * (${inWork} - n - 1))
          ELSE make_interval(hours => ${LATELY_HOURS}, mins => 1440 * ${HISTORY_DAYS} / ${endedLately} * (${endedLately} - n)) END AS at
      FROM generate_series(${from}::int, ${to - 1}::int) n, shop
    ), seed AS MATERIALIZED (
      SELECT planned.*, ${token(admin, 'order')} AS token,
        CASE WHEN cancelled THEN 'cancelled' WHEN pickup THEN (${pickup}::text[])[step] ELSE (${shipping}::text[])[step] END AS status,
        (merchant_id - 1) * ${CUSTOMERS_PER_MERCHANT}::bigint + 1 + id % ${CUSTOMERS_PER_MERCHANT} AS customer_id
      FROM planned
    ), line AS MATERIALIZED (
      SELECT seed.merchant_id, store_id, seed.id AS order_id, seed.at, position, goods.id AS variant_id, goods.name, title, sku, choice, delta, price_cents + delta AS unit_cents
      FROM seed CROSS JOIN generate_series(0, 1) position
        JOIN goods ON goods.merchant_id = seed.merchant_id AND goods.nth = (seed.id * 7 + position) % ${VARIANTS_PER_MERCHANT}
    ), sum AS (
      SELECT order_id, sum(unit_cents)::bigint AS items FROM line GROUP BY order_id
    ), placed AS (
      INSERT INTO orders (merchant_id, store_id, id, public_id, number, version, status, fulfilment_type, customer_id, first_name, last_name, email,
        locale, payment_method, currency, items_cents, shipping_cents, total_cents, shipping_method_id, shipping_label, shipping_status, country, state,
        postcode, city, line1, tracking_code, cancel_reason, handled_by, placed_at, promised_at, accepted_at, started_at, ready_at, completed_at, cancelled_at)
      SELECT seed.merchant_id, store_id, seed.id, token, number, step, status, CASE WHEN pickup THEN 'pickup' ELSE 'shipping' END, customer_id, first_name,
        last_name, email, 'en-AU', CASE WHEN pickup THEN 'pay_at_pickup' ELSE 'manual' END, 'AUD', items, shipping, items + shipping,
        CASE WHEN NOT pickup THEN store_id END, CASE WHEN NOT pickup THEN 'Standard' END,
        CASE WHEN NOT pickup THEN CASE WHEN step < 3 THEN 'pending' ELSE status END END,
        CASE WHEN NOT pickup THEN 'AU' END, CASE WHEN NOT pickup THEN 'VIC' END, CASE WHEN NOT pickup THEN '3000' END,
        CASE WHEN NOT pickup THEN 'Melbourne' END, CASE WHEN NOT pickup THEN '1 High Street' END,
        CASE WHEN NOT pickup AND step > 3 THEN 'TRACK-' || seed.id END, CASE WHEN cancelled THEN 'Ordered twice' END,
        CASE WHEN step > 1 THEN seed.merchant_id END, at, CASE WHEN pickup THEN at + interval '15 minutes' END,
        CASE WHEN step > 1 AND NOT cancelled THEN at + interval '2 minutes' END, CASE WHEN step > 2 THEN at + interval '4 minutes' END,
        CASE WHEN step > 3 THEN at + interval '6 minutes' END, CASE WHEN step > 4 THEN at + interval '8 minutes' END,
        CASE WHEN cancelled THEN at + interval '2 minutes' END
      FROM seed JOIN sum ON order_id = seed.id JOIN customers ON customers.merchant_id = seed.merchant_id AND customers.id = customer_id,
        LATERAL (SELECT CASE WHEN pickup THEN 0 ELSE 900 END AS shipping) AS cost
      ORDER BY n, store_id
    ), listed AS (
      INSERT INTO directory_orders (token_hash, merchant_id, store_id, order_id)
      SELECT sha256(convert_to(token, 'UTF8')), merchant_id, store_id, id FROM seed
    ), written AS (
      INSERT INTO order_lines (merchant_id, store_id, order_id, position, variant_id, name, variant_title, sku, quantity, unit_cents, total_cents)
      SELECT merchant_id, store_id, order_id, position, variant_id, name, title, sku, 1, unit_cents, unit_cents FROM line ORDER BY order_id, position
    ), chosen AS (
      INSERT INTO order_line_choices (merchant_id, store_id, order_id, line_position, position, group_name, name, quantity, price_delta_cents)
      SELECT merchant_id, store_id, order_id, position, 0, 'Extras', choice, 1, delta FROM line ORDER BY order_id, position
    ), ledger AS (
      INSERT INTO stock_ledger (merchant_id, store_id, variant_id, order_id, delta, reason, at)
      SELECT merchant_id, store_id, variant_id, order_id, -1, 'order_placed', at FROM line ORDER BY order_id, position
    ), claimed AS (
      INSERT INTO idempotency_keys (merchant_id, store_id, route, principal, key, fingerprint, reference, created_at)
      SELECT merchant_id, store_id, 'checkout', 'guest', 'bench-' || id, token, token, at FROM seed WHERE at > now() - interval '24 hours'
    ), moved AS MATERIALIZED (
      SELECT merchant_id, store_id, channel, token, number, id AS order_id, k, customer_id, pickup, cancelled, reached.at, reached.at::date AS day, uuidv7(reached.at - now()) AS event_id,
        CASE WHEN k = step THEN status WHEN pickup THEN (${pickup}::text[])[k] ELSE (${shipping}::text[])[k] END AS status,
        row_number() OVER (PARTITION BY store_id ORDER BY n, k) AS later, reached.at > now() - make_interval(days => ${EVENT_RETENTION_DAYS}) AS kept
      FROM seed, generate_series(1, step) k, LATERAL (SELECT seed.at + make_interval(mins => 2 * (k - 1)) AS at) AS reached
      ORDER BY n, store_id, k
    ), audited AS (
      INSERT INTO audit_log (merchant_id, store_id, actor_kind, actor_id, action, entity, entity_id, after, at)
      SELECT merchant_id, store_id, CASE k WHEN 1 THEN 'customer' ELSE 'staff' END, CASE k WHEN 1 THEN customer_id ELSE merchant_id END,
        CASE k WHEN 1 THEN 'order.placed' ELSE 'order.' || status END, 'order', order_id, jsonb_build_object('status', status, 'version', k), at FROM moved
    ), mailed AS (
      INSERT INTO mail_log (merchant_id, store_id, event_id, mailing, mail, outcome, at)
      SELECT merchant_id, store_id, event_id, 'order', CASE k WHEN 1 THEN 'order_placed' WHEN 2 THEN 'order_accepted' ELSE 'order_ready' END, 'sent', at
      FROM moved WHERE k IN (1, 2, 4) AND NOT cancelled
    ), noted AS (
      INSERT INTO notifications (merchant_id, store_id, event_id, kind, title, body, created_at)
      SELECT merchant_id, store_id, event_id, 'order_cancelled', 'Order #' || number || ' was cancelled', 'By staff.', at FROM moved WHERE status = 'cancelled'
    ), fact AS (
      INSERT INTO domain_events (merchant_id, day, id, store_id, type, entity, entity_id, entity_version, actor, payload, occurred_at)
      SELECT merchant_id, day, event_id, store_id, ${typeOf(admin)}, 'order', token, k, CASE k WHEN 1 THEN 'customer:' || customer_id ELSE 'staff:' || merchant_id END,
        jsonb_build_object('number', number, 'status', status), at FROM moved WHERE kept
    ), due AS (
      INSERT INTO event_deliveries (merchant_id, day, event_id, store_id, listener, ordering_key, state, attempts, next_attempt_at, created_at)
      SELECT merchant_id, day, event_id, store_id, listener, 'order:' || token, 'done', 1, at, at
      FROM moved, unnest(CASE status WHEN 'cancelled' THEN ARRAY['mail_order', 'notify_cancelled'] ELSE ARRAY['mail_order'] END) AS listener WHERE kept
    ), sent AS (
      INSERT INTO stream_events (merchant_id, channel, seq, day, event_id, type, entity, entity_id, entity_version, occurred_at, payload)
      SELECT merchant_id, stream.channel, seq, day, event_id, ${typeOf(admin)}, 'order', token, k, at,
        jsonb_build_object('order', jsonb_build_object('public_id', token, 'order_number', '#' || number, 'status', status, 'version', k, 'placed_at', at))
      FROM moved JOIN stream_heads AS head USING (merchant_id, channel), LATERAL (
        SELECT channel, head.last_seq + later AS seq UNION ALL SELECT 'customer.' || token || '.order', k - 1 WHERE k > 1) AS stream
      WHERE kept
    ), followed AS (
      INSERT INTO stream_heads (merchant_id, channel, last_seq) SELECT merchant_id, 'customer.' || token || '.order', step - 1 FROM seed WHERE step > 1
    )
    UPDATE stream_heads AS head SET last_seq = last_seq + events
    FROM (SELECT merchant_id, channel, count(*) AS events FROM moved GROUP BY 1, 2) AS counted
    WHERE head.merchant_id = counted.merchant_id AND head.channel = counted.channel`;
}

function statusesOf(fulfilment: 'pickup' | 'shipping'): string[] {
  return stepsOf(fulfilment).map(({ status }) => status);
}

function typeOf(admin: postgres.Sql) {
  return admin`CASE k WHEN 1 THEN 'OrderCreated' ELSE 'OrderStatusUpdated' END`;
}

/** The token that `tokenOf` makes, as a column of what has an `id`. */
function token(admin: postgres.Sql, kind: 'order' | 'customer') {
  return admin`translate(left(encode(sha256(convert_to(${`${kind} `}::text || id, 'UTF8')), 'base64'), 22), '+/', '-_')`;
}
