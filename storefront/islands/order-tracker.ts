import { createRealtimeClient, type ConnectionState, type RealtimeClient } from '#client/realtime-client.ts';
import type { StreamEvent } from '#client/protocol.ts';
import { REALTIME_PATH } from '#client/protocol.ts';
import { formatMoment } from '#core/values/format.ts';
import { fetchOrder, fetchOrderEvents, type PublicOrder } from './api.ts';
import { part, phraseBook, setText, show, type Say } from './markup.ts';
import { shopOfPage } from './shop.ts';

/** What the order's channel carries with each event. */
type Movement = Pick<
  PublicOrder,
  'status' | 'version' | 'promised_at' | 'timeline' | 'cancel_reason' | 'shipping'
>;
type OrderEvent = StreamEvent<'OrderStatusUpdated' | 'ShippingStatusUpdated', Movement>;

const FINAL = new Set(['completed', 'delivered', 'cancelled']);

/** An order as it moves. What the server rendered is brought up to date by each event; the steps themselves are the theme's. */
class OrderTracker extends HTMLElement {
  #say!: Say;
  #version = 0;
  #heardAt = new Date();
  #client: RealtimeClient | undefined;

  connectedCallback(): void {
    const { order = '', cursor = '', version = '0', status = '' } = this.dataset;
    this.#say = phraseBook(this);
    this.#version = Number(version);
    if (!FINAL.has(status)) this.#listen(order, cursor);
  }

  #listen(publicId: string, cursor: string): void {
    const client = (this.#client = createRealtimeClient({
      url: new URL(REALTIME_PATH, location.href.replace(/^http/, 'ws')).href,
      onState: (state) => this.#showConnection(state),
      fetchEvents: (_channel, position) => fetchOrderEvents(publicId, position),
    }));
    client.subscribe<OrderEvent>(`customer.${publicId}.order`, {
      ...(cursor && { cursor }),
      onEvent: ({ payload }) => this.#apply(payload),
      onReset: () => this.#refetch(publicId),
    });
  }

  async #refetch(publicId: string): Promise<string> {
    const { order, cursor } = await fetchOrder(publicId);
    this.#apply(order);
    return cursor;
  }

  #apply(order: Movement): void {
    this.#heardAt = new Date();
    if (order.version < this.#version) return;
    const isNews = order.version > this.#version;
    this.#version = order.version;
    if (isNews) setText(this, 'headline', this.#say(`headline.${order.status}`));
    for (const step of this.querySelectorAll<HTMLElement>('[data-step]')) this.#showStep(step, order);
    this.#showPromise(order);
    this.#showParcel(order);
    if (FINAL.has(order.status)) this.#end();
  }

  /** Nothing more will happen to this order. */
  #end(): void {
    this.#client?.close();
    show(part(this, 'code'), false);
    setText(this, 'connection', '');
  }

  #showStep(step: HTMLElement, { status, timeline }: Movement): void {
    const name = step.dataset['step'];
    const at = timeline.find((entry) => entry.status === name)?.at;
    step.dataset['state'] = stateOf(name === status, at !== undefined);
    if (name === status) step.setAttribute('aria-current', 'step');
    else step.removeAttribute('aria-current');
    step.hidden = name !== status && at === undefined && (name === 'cancelled' || status === 'cancelled');
    const time = step.querySelector('time');
    if (!time || !at) return;
    time.dateTime = at;
    time.textContent = this.#moment(at);
  }

  #showPromise({ status, promised_at, cancel_reason }: Movement): void {
    const waits = ['pending', 'accepted', 'in_progress'].includes(status) && promised_at !== null;
    if (promised_at) setText(this, 'promise', this.#say('promise', { time: this.#moment(promised_at) }));
    show(part(this, 'promise'), waits);
    setText(this, 'reason', cancel_reason ?? '');
    show(part(this, 'reason'), cancel_reason !== null);
  }

  #showParcel({ shipping }: Movement): void {
    show(part(this, 'parcel'), Boolean(shipping?.tracking_code));
    setText(this, 'tracking-code', shipping?.tracking_code ?? '');
    part<HTMLAnchorElement>(this, 'tracking-url')?.setAttribute('href', shipping?.tracking_url ?? '#');
    show(part(this, 'tracking-link'), Boolean(shipping?.tracking_url));
  }

  #showConnection({ kind }: ConnectionState): void {
    if (kind === 'live' || kind === 'polling') this.#heardAt = new Date();
    const time = this.#moment(this.#heardAt.toISOString());
    setText(this, 'connection', this.#say(`connection.${kind}`, { time }));
    const element = part(this, 'connection');
    if (element) element.dataset['kind'] = kind;
  }

  #moment(at: string): string {
    return formatMoment(new Date(at), shopOfPage(), new Date());
  }
}

function stateOf(isCurrent: boolean, isReached: boolean): string {
  if (isCurrent) return 'current';
  return isReached ? 'done' : 'todo';
}

customElements.define('order-tracker', OrderTracker);
