import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '#core/security/password.ts';

/** From src/test.c of the reference implementation. */
const REFERENCE = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

describe('a password', () => {
  it('is known again by its hash, and no other is', async () => {
    const phc = await hashPassword('grind finer');

    expect(await verifyPassword('grind finer', phc)).toBe(true);
    expect(await verifyPassword('grind coarser', phc)).toBe(false);
  });

  it('is hashed with the recommended work and a salt of its own', async () => {
    const [one, two] = await Promise.all([hashPassword('same'), hashPassword('same')]);

    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
  });

  it('is the same password however its letters are composed', async () => {
    const phc = await hashPassword('café'.normalize('NFD'));

    expect(await verifyPassword('café'.normalize('NFC'), phc)).toBe(true);
  });

  it('is refused for an unknown account, whatever it is', async () => {
    expect(await verifyPassword('', null)).toBe(false);
    expect(await verifyPassword('grind finer', null)).toBe(false);
  });

  it('of an algorithm that is not ours is an error, not a refusal', async () => {
    await expect(verifyPassword('x', '$2b$12$notargon')).rejects.toThrow(TypeError);
  });

  it('hashed by the reference implementation is verified', async () => {
    expect(await verifyPassword('password', REFERENCE)).toBe(true);
  });
});
