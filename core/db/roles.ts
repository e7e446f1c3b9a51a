import { createHmac } from 'node:crypto';
import type postgres from 'postgres';

/** The roles that sign in. `storeflow_owner` owns the tables and has no password: migrations take it with SET ROLE. */
const SIGN_IN_ROLES = ['storeflow_app', 'storeflow_listener', 'storeflow_system'] as const;

export type RoleName = (typeof SIGN_IN_ROLES)[number];

/** A role's password, the same on every node that shares the secret. */
export function rolePassword(secret: string, role: RoleName): string {
  return createHmac('sha256', secret).update(`database role ${role}`).digest('hex');
}

/** Creates the four roles where they are missing and sets the passwords. `admin` must be allowed to create roles. */
export async function ensureRoles(admin: postgres.Sql, secret: string): Promise<void> {
  await ensureRole(admin, 'storeflow_owner', 'NOLOGIN');
  await admin.unsafe('GRANT storeflow_owner TO CURRENT_USER');
  for (const role of SIGN_IN_ROLES) {
    await ensureRole(admin, role, `LOGIN PASSWORD '${rolePassword(secret, role)}'`);
    await admin.unsafe(`ALTER ROLE ${role} SET jit = off`);
  }
  // Its claims of deliveries must walk the index of due ones in order, whatever old statistics promise.
  await admin.unsafe('ALTER ROLE storeflow_system SET enable_sort = off');
  const [row] = await admin<{ name: string }[]>`SELECT current_database() AS name`;
  await admin`GRANT CREATE, CONNECT ON DATABASE ${admin(row?.name ?? '')} TO storeflow_owner`;
  await admin.unsafe('GRANT CREATE, USAGE ON SCHEMA public TO storeflow_owner WITH GRANT OPTION');
}

async function ensureRole(admin: postgres.Sql, role: string, login: string): Promise<void> {
  const [known] = await admin`SELECT 1 FROM pg_roles WHERE rolname = ${role}`;
  const verb = known ? 'ALTER' : 'CREATE';
  await admin.unsafe(`${verb} ROLE ${role} WITH ${login} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB`);
}
