import { signedToken } from '#core/security/signed-token.ts';
import { idBehind } from '#core/values/ids.ts';
import type { TestApp } from './app.ts';
import type { HttpClient, Json } from './http-client.ts';
import type { TestStore } from './merchants.ts';
import { expectStatus } from './orders.ts';

export interface Invited {
  readonly id: string;
  /** What the link in the mail ends with. */
  readonly token: string;
}

/** Invites a person; answers what their mail would lead to. */
export async function invite(
  staff: HttpClient,
  { secret }: Pick<TestApp, 'secret'>,
  { tenant }: Pick<TestStore, 'tenant'>,
  invitation: Json,
): Promise<Invited> {
  const answer = await staff.post<{ id: string }>('/dashboard/staff-invitations', invitation);
  const { id } = expectStatus(201, answer);
  const row = { merchantId: tenant.merchantId, id: idBehind<number>('in', id) ?? 0 };
  return { id, token: signedToken(secret, 'staff-invitation', row) };
}
