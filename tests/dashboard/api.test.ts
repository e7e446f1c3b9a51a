import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, Refusal, Unreachable } from '../../dashboard/api.ts';

const fetched = vi.fn<typeof fetch>();
const replaced = vi.fn<(path: string) => void>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('document', { cookie: 'theme=dark; XSRF-TOKEN=a%2Bb; other=1' });
  vi.stubGlobal('location', { replace: replaced });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  fetched.mockReset();
  replaced.mockReset();
});

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const away = () => answer(503, { code: 'UNAVAILABLE', title: '', detail: 'away' }, { 'retry-after': '3' });

describe('a call', () => {
  it('answers the JSON that came', async () => {
    fetched.mockResolvedValueOnce(answer(200, { orders: [] }));
    await expect(api('/board.json')).resolves.toEqual({ orders: [] });
  });

  it('carries the token of the cookie in a header, and the body as JSON', async () => {
    fetched.mockResolvedValueOnce(answer(200, {}));
    await api('/orders/x/status', { method: 'PATCH', body: { version: 1 } });
    expect(fetched.mock.lastCall?.[1]).toMatchObject({
      method: 'PATCH',
      body: '{"version":1}',
      headers: { 'x-xsrf-token': 'a+b', 'content-type': 'application/json' },
    });
  });

  it('throws what the server refused, with the evidence', async () => {
    fetched.mockResolvedValueOnce(
      answer(409, { code: 'ORDER_CHANGED', title: 'Changed', detail: 'by Ada', order: { version: 2 } }),
    );
    await expect(api('/x')).rejects.toMatchObject({
      status: 409,
      code: 'ORDER_CHANGED',
      message: 'by Ada',
      evidence: { order: { version: 2 } },
    });
  });

  it('makes a refusal of what a proxy answers in HTML', async () => {
    fetched.mockResolvedValueOnce(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    await expect(api('/x')).rejects.toThrow('The server answered 502.');
  });

  it.each([401, 419])('leads to the sign-in page after %i', async (status) => {
    fetched.mockResolvedValueOnce(answer(status, { code: 'UNAUTHENTICATED', title: '', detail: 'gone' }));
    await expect(api('/x')).rejects.toBeInstanceOf(Refusal);
    expect(replaced).toHaveBeenCalledWith('/login');
  });
});

describe('patience', () => {
  it('is not had unless asked for', async () => {
    fetched.mockRejectedValueOnce(new TypeError('network'));
    await expect(api('/x')).rejects.toBeInstanceOf(Unreachable);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('tries again until the server is back, no sooner than it said', async () => {
    fetched.mockResolvedValueOnce(away()).mockResolvedValueOnce(answer(200, 'back'));
    const call = api('/x', { patienceMs: 10_000 });
    await vi.advanceTimersByTimeAsync(2_900);
    expect(fetched).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(200);
    await expect(call).resolves.toBe('back');
  });

  it('ends, and then says that there was no answer', async () => {
    fetched.mockRejectedValue(new TypeError('network'));
    const call = expect(api('/x', { patienceMs: 5_000 })).rejects.toBeInstanceOf(Unreachable);
    await vi.advanceTimersByTimeAsync(5_000);
    await call;
    // At once, then after 0.5, 1 and 2 seconds; the next wait would pass the five.
    expect(fetched).toHaveBeenCalledTimes(4);
  });

  it('is not spent on a refusal, which would be the same again', async () => {
    fetched.mockResolvedValueOnce(answer(422, { code: 'REASON_REQUIRED', title: '', detail: 'why' }));
    await expect(api('/x', { patienceMs: 5_000 })).rejects.toMatchObject({ status: 422 });
    expect(fetched).toHaveBeenCalledTimes(1);
  });
});
