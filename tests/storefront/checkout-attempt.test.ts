import { beforeEach, describe, expect, it } from 'vitest';
import { Refused, Unreachable, type Checkout, type PlacedOrder } from '../../storefront/islands/api.ts';
import { Attempts } from '../../storefront/islands/checkout-attempt.ts';

const ORDER: PlacedOrder = {
  order_number: '#1001',
  public_id: 'k3JdXa0Qk3JdXa0Qk3JdXa',
  status: 'pending',
  total_cents: 900,
  tracking_url: '/o/k3JdXa0Qk3JdXa0Qk3JdXa',
};

const CHECKOUT: Checkout = {
  fulfilment_type: 'pickup',
  contact: { first_name: 'Ana', email: 'ana@example.com' },
  items: [{ variant_id: 'va_1', quantity: 2 }],
  expected_total_cents: 900,
};

type Answer = PlacedOrder | Error;

let stored: Map<string, string>;
let sent: { key: string; body: Checkout }[];
let waited: number[];

/** A shop that answers as listed, one answer a time. */
function attempts(...answers: Answer[]): Attempts {
  return new Attempts({
    send: async (key, body) => {
      sent.push({ key, body });
      const answer = answers.shift();
      if (answer === undefined) throw new Error('the test has no answer left');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    wait: async (seconds) => void waited.push(seconds),
    storage: {
      getItem: (name) => stored.get(name) ?? null,
      setItem: (name, value) => void stored.set(name, value),
      removeItem: (name) => void stored.delete(name),
    },
    slug: 'wren',
  });
}

function refused(status: number, code: string, retryAfterS: number | null = null): Refused {
  return new Refused({ status, code, title: code, detail: code }, retryAfterS);
}

const lost = () => new Unreachable('no answer');

beforeEach(() => {
  stored = new Map();
  sent = [];
  waited = [];
});

describe('placing an order', () => {
  it('keeps nothing once the server has answered', async () => {
    const placing = attempts(ORDER);
    expect(await placing.place(CHECKOUT)).toEqual({ kind: 'placed', order: ORDER });
    expect(placing.pending).toBeNull();
    expect(sent).toHaveLength(1);
  });

  it('sends the same key and body again when no answer came', async () => {
    expect(await attempts(lost(), lost(), ORDER).place(CHECKOUT)).toMatchObject({ kind: 'placed' });
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(sent.map(({ body }) => body)).toEqual([CHECKOUT, CHECKOUT, CHECKOUT]);
    expect(waited).toEqual([1, 2]);
  });

  it('treats a server error as no answer, and waits as long as the server asks', async () => {
    const placing = attempts(refused(503, 'UNAVAILABLE', 7), refused(500, 'INTERNAL'), ORDER);
    expect(await placing.place(CHECKOUT)).toMatchObject({ kind: 'placed' });
    expect(waited).toEqual([7, 2]);
  });

  it('keeps the attempt when nobody knows, and a later order sends that one first', async () => {
    const placing = attempts(lost(), lost(), lost(), lost(), lost(), ORDER);
    expect(await placing.place(CHECKOUT)).toEqual({ kind: 'uncertain' });
    expect(placing.pending?.body).toEqual(CHECKOUT);
    await placing.place({ ...CHECKOUT, notes: 'typed meanwhile' });
    expect(sent.at(-1)).toEqual(sent[0]);
    expect(placing.pending).toBeNull();
  });

  it('finds the attempt again after a reload', async () => {
    await attempts(lost(), lost(), lost(), lost(), lost()).place(CHECKOUT);
    expect(attempts().pending).toEqual(sent[0]);
  });

  it('uses a new key after a refusal: no order exists', async () => {
    const placing = attempts(refused(409, 'PRICE_CHANGED'), refused(429, 'TOO_MANY_REQUESTS', 60), ORDER);
    expect(await placing.place(CHECKOUT)).toMatchObject({ kind: 'refused' });
    expect(await placing.place(CHECKOUT)).toMatchObject({ kind: 'refused', retryAfterS: 60 });
    await placing.place(CHECKOUT);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(3);
  });

  it.each(['', '{', '"x"', '{"key":1}'])('takes no stored text for an attempt that is none: %j', (text) => {
    stored.set('storeflow.checkout.wren', text);
    expect(attempts().pending).toBeNull();
  });
});
