import postgres from 'postgres';
import { DRIVER_TYPES } from './driver-types.ts';

/** Runs `work` on a connection of its own with the rights of the tables' owner. `adminUrl` may take the role `storeflow_owner`. */
export async function asOwner<Result>(
  adminUrl: string,
  work: (owner: postgres.Sql) => Promise<Result>,
): Promise<Result> {
  const owner = postgres(adminUrl, { ...DRIVER_TYPES, max: 1, onnotice: () => undefined });
  try {
    await owner.unsafe('SET ROLE storeflow_owner');
    return await work(owner);
  } finally {
    await owner.end();
  }
}
