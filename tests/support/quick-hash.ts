import { argon2Sync, randomBytes } from 'node:crypto';

const PARAMETERS = { memory: 8, passes: 1, parallelism: 1, tagLength: 32 };

/** The hash of a password as `hashPassword` writes it, at the least cost there is: people of fixtures sign in by the hundred. */
export function quickHash(password: string): string {
  const nonce = randomBytes(16);
  const tag = argon2Sync('argon2id', { ...PARAMETERS, nonce, message: password });
  const { memory, passes, parallelism } = PARAMETERS;
  const [salt, hash] = [nonce, tag].map((bytes) => bytes.toString('base64').replaceAll('=', ''));
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${salt}$${hash}`;
}
