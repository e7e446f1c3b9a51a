import Fastify from 'fastify';

/** A Fastify that answers every path given by the parent with the bytes that go with it, and does nothing else. */
interface Answer {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly type: string;
  readonly body: string;
}

process.once('message', (answers: Answer[]) => void serve(answers));
process.once('disconnect', () => process.exit(0));

async function serve(answers: readonly Answer[]): Promise<void> {
  const server = Fastify();
  for (const { path, method, type, body } of answers) {
    server.route({ url: path, method, handler: (_request, reply) => reply.type(type).send(body) });
  }
  process.send?.(await server.listen({ host: '127.0.0.1', port: 0 }));
}
