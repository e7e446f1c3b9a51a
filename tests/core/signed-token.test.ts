import { expect, it } from 'vitest';
import { readSignedToken, signedToken } from '#core/security/signed-token.ts';
import type { MerchantId } from '#core/values/ids.ts';

const SECRET = 'a secret of the test';
const ROW = { merchantId: 7 as MerchantId, id: 42 };
const TOKEN = signedToken(SECRET, 'password-reset', ROW);

it('leads back to the row that it was made for', () => {
  expect(readSignedToken(SECRET, 'password-reset', TOKEN)).toEqual(ROW);
});

it.each([
  ['for another purpose', SECRET, 'invitation', TOKEN],
  ['with another secret', 'another secret', 'password-reset', TOKEN],
  ['for another row', SECRET, 'password-reset', TOKEN.replace('.42.', '.43.')],
  ['for another merchant', SECRET, 'password-reset', TOKEN.replace(/^7\./, '8.')],
  ['cut short', SECRET, 'password-reset', TOKEN.slice(0, -1)],
  ['empty', SECRET, 'password-reset', ''],
])('is nothing when it is %s', (_, secret, purpose, token) => {
  expect(readSignedToken(secret, purpose, token)).toBeNull();
});
