import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postWebhook } from '#core/webhooks/post-webhook.ts';
import { callableAddresses, isPublic, reachOf, type Reach } from '#core/webhooks/public-addresses.ts';
import { answering, startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

const PUBLIC = { address: '93.184.215.14', family: 4 } as const;
const HERE = { address: '127.0.0.1', family: 4 } as const;

/** A reach in which every name leads to these, one after the other where there are several. */
function leadingTo(allowPrivate: boolean, ...answers: Awaited<ReturnType<Reach['resolve']>>[]) {
  const asked: string[] = [];
  const resolve: Reach['resolve'] = async (host) => {
    asked.push(host);
    return answers[Math.min(asked.length, answers.length) - 1] ?? [];
  };
  return { asked, reach: { allowPrivate, resolve } satisfies Reach };
}

const refusalOf = (address: string, reach: Reach) =>
  callableAddresses(new URL(address), reach).then(
    () => 'none',
    (error: Error) => error.message,
  );

const PRIVATE = 'the address is not on the public internet';

describe('an address of this machine or a private network', () => {
  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '::127.0.0.1',
    '::7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'fec0::1',
    'x',
  ])('is not public: %s', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each(['8.8.8.8', '2606:4700::1111'])('unlike %s', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::127.0.0.1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
  ])('is refused however it is written: %s', async (address) => {
    const { asked, reach } = leadingTo(false, [PUBLIC]);
    expect(await refusalOf(address, reach)).toBe(PRIVATE);
    expect(asked).toEqual([]);
  });

  it('is refused behind a name, even as one of several', async () => {
    expect(await refusalOf('https://hook.example/', leadingTo(false, [HERE]).reach)).toBe(PRIVATE);
    expect(await refusalOf('https://hook.example/', leadingTo(false, [PUBLIC, HERE]).reach)).toBe(PRIVATE);
    expect(await refusalOf('https://hook.example/', leadingTo(false, [PUBLIC]).reach)).toBe('none');
  });

  it('is allowed where the operator says so', async () => {
    expect(await refusalOf('http://hook.example/', leadingTo(true, [HERE]).reach)).toBe('none');
  });
});

describe('an address', () => {
  it.each([
    ['http://hook.example/', 'expected an address that begins with https://'],
    ['ftp://hook.example/', 'expected an address that begins with https://'],
    ['https://user:secret@hook.example/', 'expected an address without a user or password'],
  ])('is refused when it is %s', async (address, reason) => {
    expect(await refusalOf(address, leadingTo(false, [PUBLIC]).reach)).toBe(reason);
  });

  it('is refused when its name leads nowhere', async () => {
    const failing = { allowPrivate: false, resolve: () => Promise.reject(new Error('ENOTFOUND')) };
    expect(await refusalOf('https://hook.example/', failing)).toBe('the name leads to no address');
  });

  it('is resolved here by the machine’s own view of names', async () => {
    expect(await refusalOf('http://localhost/', reachOf({ allowPrivate: true }))).toBe('none');
  });
});

const call = (changes = {}) => ({
  url: `http://hook.example:${receiver.port}/hook`,
  headers: {},
  body: '{}',
  ...changes,
});

describe('a call', () => {
  it('is refused when a name that was public when it was saved has moved into a private network', async () => {
    const { reach } = leadingTo(false, [PUBLIC], [HERE]);
    const url = `https://hook.example:${receiver.port}/hook`;
    expect(await refusalOf(url, reach)).toBe('none');
    await expect(postWebhook(call({ url }), reach)).rejects.toThrow(PRIVATE);
    expect(receiver.calls).toEqual([]);
  });

  it('goes to what its name led to when it was checked, though the name leads elsewhere a moment later', async () => {
    const { asked, reach } = leadingTo(true, [HERE], [{ address: '192.0.2.1', family: 4 }]);
    expect(await postWebhook(call(), reach)).toEqual({ code: 204, body: '' });
    expect(asked).toEqual(['hook.example']);
    expect(receiver.calls.at(-1)?.headers.host).toBe(`hook.example:${receiver.port}`);
  });

  it('follows no redirect', async () => {
    receiver.answer = answering(302);
    const before = receiver.calls.length;
    expect(await postWebhook(call(), leadingTo(true, [HERE]).reach)).toMatchObject({ code: 302 });
    expect(receiver.calls).toHaveLength(before + 1);
  });

  it.each([
    [
      'that the connection is to be another',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade',
    ],
    ['a number that is none of HTTP', 'HTTP/1.1 099 Odd\r\nContent-Length: 0'],
  ])('ends though it is answered %s', async (_, head) => {
    receiver.answer = (response) => void response.socket?.write(`${head}\r\n\r\n`);
    const outcome = postWebhook(call(), leadingTo(true, [HERE]).reach);
    expect(await outcome.catch((error: Error) => error.message)).toEqual(
      head.includes('101') ? { code: 101, body: '' } : 'expected an answer of HTTP, received 99',
    );
  });

  it('reads the beginning of an answer only, though it never ends', async () => {
    receiver.answer = (response) => {
      response.writeHead(200);
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(4_096)));
        response.once('drain', pour);
      };
      pour();
    };
    const answer = await postWebhook(call(), leadingTo(true, [HERE]).reach);
    expect(answer.body).toHaveLength(16 * 1024);
  });
});
