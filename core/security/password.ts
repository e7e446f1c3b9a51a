import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** Argon2 version 1.3, the only one that node:crypto computes. */
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

interface Hash {
  readonly parameters: Omit<Argon2Parameters, 'message'>;
  readonly tag: Buffer;
}

const derive = promisify(argon2);

/** Hashes a password with argon2id and a new salt; answers a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`. */
export async function hashPassword(password: string): Promise<string> {
  const parameters = newParameters();
  const { memory, passes, parallelism, nonce } = parameters;
  const tag = await tagOf(password, parameters);
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/**
 * Whether the password is the one of the PHC string. Give null for an unknown or password-less account: the answer is then false after
 * the same work, so that time does not tell which accounts exist. Throws `TypeError` when the text is not a PHC string of argon2id.
 */
export async function verifyPassword(password: string, phc: string | null): Promise<boolean> {
  const { parameters, tag } = phc === null ? unknownAccount() : parsed(phc);
  return timingSafeEqual(await tagOf(password, parameters), tag) && phc !== null;
}

function newParameters() {
  return {
    nonce: randomBytes(SALT_BYTES),
    memory: MEMORY_KIB,
    passes: PASSES,
    parallelism: LANES,
    tagLength: TAG_BYTES,
  };
}

function unknownAccount(): Hash {
  return { parameters: newParameters(), tag: Buffer.alloc(TAG_BYTES) };
}

function parsed(phc: string): Hash {
  const [, memory, passes, parallelism, salt = '', tagText = ''] = PHC.exec(phc) ?? [];
  if (memory === undefined) throw new TypeError('expected a PHC string of argon2id, received another text');
  const tag = Buffer.from(tagText, 'base64');
  const parameters = {
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: tag.length,
  };
  return { parameters, tag };
}

/** Normalised, because keyboards and systems compose the same letters differently. */
function tagOf(password: string, parameters: Hash['parameters']): Promise<Buffer> {
  return derive('argon2id', { ...parameters, message: password.normalize('NFKC') });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
