import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const DOCUMENT = join(import.meta.dirname, '../../docs/api.md');

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());

interface Example {
  readonly status: number;
  readonly text: string;
}

async function examples(): Promise<Example[]> {
  const text = await readFile(DOCUMENT, 'utf8');
  const found = [...text.matchAll(/```http (\d{3})\n([\s\S]*?)```/g)];
  return found.map(([, status, example = '']) => ({ status: Number(status), text: example }));
}

/** What the document's words in braces stand for; answers add to them. */
async function words(): Promise<Map<string, string>> {
  const owner = await signIn(app.visitor, 'owner');
  const key = await owner.post<{ secret: string }>('/dashboard/api-keys', {
    name: 'Documented program',
    store_id: shops.cafe.id,
    scopes: ['orders.see', 'orders.move'],
  });
  return new Map([
    ['store', shops.cafe.slug],
    ['uuid', randomUUID()],
    ['variant_id', shops.cafe.products.tee.variants[0]?.id ?? ''],
    ['method_id', shops.cafe.methods.standard],
    ['secret', expectStatus(201, key).secret],
  ]);
}

it('every documented call is answered as the document says', async () => {
  const known = await words();
  const calls = await examples();
  expect(calls.length).toBeGreaterThan(7);
  for (const { status, text } of calls) {
    const [head = '', body] = filled(text, known).split('\n\n');
    const [first = '', ...headers] = head.trim().split('\n');
    const [method = '', address = ''] = first.split(' ');
    const answer = await app.visitor.send(address, {
      method,
      headers: {
        ...Object.fromEntries(headers.map((line) => line.split(': '))),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body }),
    });
    expect(answer.status, `${first}: ${answer.text}`).toBe(status);
    const { public_id: publicId } = answer.body;
    if (typeof publicId === 'string') known.set('public_id', publicId);
  }
});

function filled(text: string, known: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, word: string) => {
    const value = known.get(word);
    if (value === undefined) throw new Error(`docs/api.md: nothing is known for {${word}}`);
    return value;
  });
}
