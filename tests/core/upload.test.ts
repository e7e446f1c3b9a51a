import multipart, { type MultipartFile } from '@fastify/multipart';
import Fastify from 'fastify';
import { afterAll, expect, it } from 'vitest';
import { uploadedFile } from '#core/http/upload.ts';

const server = Fastify();
afterAll(() => server.close());

it('keeps little of what a form has before its file', async () => {
  let part: MultipartFile | undefined;
  await server.register(multipart);
  server.addHook('preHandler', (request, _reply, done) => {
    const read = request.file.bind(request);
    request.file = async (options) => (part = await read(options));
    done();
  });
  server.post('/', async (request) => {
    const file = await uploadedFile(request, 10);
    file?.content.resume();
    return { name: file?.name };
  });
  const form = new FormData();
  for (let nth = 0; nth < 100; nth++) form.set(`note ${nth}`, 'x'.repeat(50_000));
  form.set('file', new Blob(['hello']), 'a.csv');
  const { headers, body } = new Request('http://localhost', { method: 'POST', body: form });
  const payload = Buffer.concat(await Array.fromAsync(body ?? []));
  const answer = await server.inject({
    method: 'POST',
    url: '/',
    headers: Object.fromEntries(headers),
    payload,
  });

  expect(answer.json()).toEqual({ name: 'a.csv' });
  const kept = Object.values(part?.fields ?? {}).map((field) =>
    field && 'value' in field ? field.value : '',
  );
  expect(kept.length).toBeLessThan(50);
  expect(kept.join('').length).toBeLessThan(50_000);
});
