import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A mail as it came over the wire. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body, quoted-printable undone. */
  readonly text: string;
}

export interface MailServer {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  close(): Promise<void>;
}

/** A mail server that takes all mails, except to addresses at `refused.example` (550) and `busy.example` (450). */
export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    converse(socket, (mail) => mails.push(mail));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function converse(socket: Socket, receive: (mail: ReceivedMail) => void): void {
  let input = '';
  let body: string[] | null = null;
  let mail = { from: '', to: [] as string[] };
  const say = (line: string) => socket.write(`${line}\r\n`);
  const hear = (line: string) => {
    if (body !== null) {
      // A dot at the beginning of a line is doubled on the wire.
      if (line !== '.') return void body.push(line.replace(/^\./, ''));
      receive({ ...mail, text: readable(body.join('\n')) });
      body = null;
      return void say('250 taken');
    }
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (/^MAIL/i.test(line)) mail = { from: address, to: [] };
    if (/^RCPT/i.test(line)) {
      if (address.endsWith('@refused.example')) return void say('550 no such user');
      if (address.endsWith('@busy.example')) return void say('450 come back later');
      mail.to.push(address);
    }
    if (/^DATA/i.test(line)) {
      body = [];
      return void say('354 go on');
    }
    say(/^QUIT/i.test(line) ? '221 bye' : '250 ok');
  };
  say('220 ready');
  socket.on('data', (chunk: Buffer) => {
    input += chunk.toString('utf8');
    for (let end = input.indexOf('\r\n'); end !== -1; end = input.indexOf('\r\n')) {
      const line = input.slice(0, end);
      input = input.slice(end + 2);
      hear(line);
    }
  });
}

function readable(text: string): string {
  const bytes = text
    .replaceAll(/=\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
