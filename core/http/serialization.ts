import Fastify, { type FastifySerializerCompiler } from 'fastify';

/** Compiles as `compiler` does, but each schema when an answer first needs it: compiling those of all routes is most of what a start would take. */
export function compilingLate(
  compiler: FastifySerializerCompiler<unknown>,
): FastifySerializerCompiler<unknown> {
  return (schema) => {
    let serialize: ReturnType<typeof compiler> | undefined;
    return (answer: unknown) => (serialize ??= compiler(schema))(answer);
  };
}

/** Fastify's own compiler of serializers, which it makes for the first route that describes its answers. */
export async function fastifySerializers(): Promise<FastifySerializerCompiler<unknown>> {
  const bare = Fastify();
  bare.get('/', { schema: { response: { 200: {} } } }, () => null);
  await bare.ready();
  if (!bare.serializerCompiler) throw new Error('expected a serializer compiler of Fastify, received none');
  return bare.serializerCompiler;
}
