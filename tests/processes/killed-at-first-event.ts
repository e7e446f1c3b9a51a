/** The server, but for its way of telling of events: when the first one was committed, it is killed before any word of it gets out. */
import { inProcessHintBus } from '#core/realtime/hint-bus.ts';
import { createApp } from '#start/app.ts';
import { readConfig } from '#start/config.ts';

const config = readConfig(process.env);
const { server } = await createApp({
  config,
  databaseUrl: config.databaseUrl ?? '',
  secret: config.secret ?? '',
  bus: { ...inProcessHintBus(), publish: () => void process.kill(process.pid, 'SIGKILL') },
});
const address = await server.listen({ host: config.host, port: config.port });
process.stdout.write(`StoreFlow runs at ${address}\n`);
