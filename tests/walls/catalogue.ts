import type postgres from 'postgres';

/** What pg_catalog says of the schema `public`, in the words of the rules. */
export interface Catalogue extends Walls, Rights {}

export interface Walls {
  readonly tables: readonly Table[];
  readonly policies: readonly Policy[];
  readonly indexes: readonly Index[];
  readonly foreignKeys: readonly ForeignKey[];
}

export interface Rights {
  /** Views, materialised views and foreign tables. */
  readonly views: readonly { name: string; kind: string; runsAsCaller: boolean }[];
  readonly functions: readonly DatabaseFunction[];
  readonly roles: readonly Role[];
  /** One row for each right that somebody but the owner has on a table, or on a column of it. */
  readonly rights: readonly Right[];
}

export interface Table {
  readonly name: string;
  /** A partition has no walls of its own; nobody may reach it but through its parent. */
  readonly isPartition: boolean;
  readonly rowSecurity: boolean;
  readonly forced: boolean;
  readonly columns: readonly Column[];
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** Filled by the database when an INSERT leaves it out. */
  readonly filled: boolean;
  readonly generated: boolean;
}

export interface Policy {
  readonly table: string;
  readonly name: string;
  readonly permissive: string;
  readonly roles: readonly string[];
  readonly command: string;
  readonly using: string | null;
  readonly check: string | null;
}

export interface Index {
  readonly table: string;
  readonly name: string;
  readonly unique: boolean;
  readonly primary: boolean;
  readonly partial: boolean;
  /** An expression counts as a column without a name. */
  readonly columns: readonly string[];
}

export interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  readonly onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';
}

export interface DatabaseFunction {
  readonly name: string;
  readonly runsAsOwner: boolean;
  readonly body: string;
  readonly callers: readonly string[];
}

export interface Role {
  readonly name: string;
  /** Those of SUPERUSER, BYPASSRLS, CREATEROLE, CREATEDB, REPLICATION that it has. */
  readonly powers: readonly string[];
  readonly memberOf: readonly string[];
  readonly owns: readonly string[];
  readonly createsInSchema: boolean;
}

export interface Right {
  readonly role: string;
  readonly table: string;
  /** Null: on the whole table. */
  readonly column: string | null;
  readonly verb: string;
}

/** The roles that sign in. */
export const SIGN_IN_ROLES = ['storeflow_app', 'storeflow_listener', 'storeflow_system'];

/** Reads the catalogue as the transaction or connection `sql` sees it, so that a change not committed yet counts. */
export async function readCatalogue(sql: postgres.ISql): Promise<Catalogue> {
  const [walls, views, functions, roles, rights] = await Promise.all([
    readWalls(sql),
    readViews(sql),
    readFunctions(sql),
    readRoles(sql),
    readRights(sql),
  ]);
  return { ...walls, views, functions, roles, rights };
}

/** The part that says what each table is like, or only one of them; quicker to read than the whole. */
export async function readWalls(sql: postgres.ISql, only: string | null = null): Promise<Walls> {
  const [tables, policies, indexes, foreignKeys] = await Promise.all([
    readTables(sql, only),
    readPolicies(sql, only),
    readIndexes(sql, only),
    readForeignKeys(sql, only),
  ]);
  return { tables, policies, indexes, foreignKeys };
}

function readTables(sql: postgres.ISql, only: string | null): Promise<Table[]> {
  return sql<Table[]>`
    SELECT relname AS name, relispartition AS "isPartition", relrowsecurity AS "rowSecurity", relforcerowsecurity AS forced,
      (SELECT json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod), 'required', attnotnull,
          'filled', atthasdef OR attidentity <> '', 'generated', attgenerated <> '') ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped) AS columns
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND (${only}::text IS NULL OR relname = ${only}) ORDER BY relname`;
}

function readPolicies(sql: postgres.ISql, only: string | null): Promise<Policy[]> {
  return sql<Policy[]>`
    SELECT tablename AS table, policyname AS name, permissive, roles::text[] AS roles, cmd AS command, qual AS using, with_check AS check
    FROM pg_policies WHERE schemaname = 'public'
      AND (${only}::text IS NULL OR tablename = ${only}) ORDER BY 1, 2`;
}

function readIndexes(sql: postgres.ISql, only: string | null): Promise<Index[]> {
  return sql<Index[]>`
    SELECT owner.relname AS table, index.relname AS name, indisunique AS unique, indisprimary AS primary, indpred IS NOT NULL AS partial,
      (SELECT array_agg(coalesce(attname::text, '') ORDER BY place)
        FROM unnest(indkey[0:indnkeyatts - 1]) WITH ORDINALITY AS key (number, place)
        LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = key.number AND attnum > 0) AS columns
    FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_class AS owner ON owner.oid = indrelid
    WHERE owner.relnamespace = 'public'::regnamespace AND NOT owner.relispartition
      AND (${only}::text IS NULL OR owner.relname = ${only}) ORDER BY 1, 2`;
}

function readForeignKeys(sql: postgres.ISql, only: string | null): Promise<ForeignKey[]> {
  return sql<ForeignKey[]>`
    SELECT conname AS name, source.relname AS table, target.relname AS target,
      (SELECT array_agg(attname::text ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = key.number) AS columns,
      (SELECT array_agg(attname::text ORDER BY place) FROM unnest(confkey) WITH ORDINALITY AS key (number, place)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = key.number) AS "targetColumns",
      CASE confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null'
        ELSE 'set default' END AS "onDelete"
    FROM pg_constraint JOIN pg_class AS source ON source.oid = conrelid JOIN pg_class AS target ON target.oid = confrelid
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0
      AND (${only}::text IS NULL OR source.relname = ${only}) ORDER BY 2, 1`;
}

function readViews(sql: postgres.ISql): Promise<Catalogue['views'][number][]> {
  return sql<Catalogue['views'][number][]>`
    SELECT relname AS name, CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialised view' ELSE 'foreign table' END AS kind,
      coalesce('security_invoker=true' = ANY (reloptions), false) AS "runsAsCaller"
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm', 'f') ORDER BY 1`;
}

function readFunctions(sql: postgres.ISql): Promise<DatabaseFunction[]> {
  return sql<DatabaseFunction[]>`
    SELECT proname AS name, prosecdef AS "runsAsOwner", trim(prosrc) AS body,
      ARRAY(SELECT role FROM unnest(${SIGN_IN_ROLES}::text[]) AS role WHERE has_function_privilege(role, pg_proc.oid, 'EXECUTE')) AS callers
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') ORDER BY 1`;
}

function readRoles(sql: postgres.ISql): Promise<Role[]> {
  return sql<Role[]>`
    SELECT rolname AS name,
      array_remove(ARRAY[CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
        CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END,
        CASE WHEN rolreplication THEN 'REPLICATION' END], NULL) AS powers,
      ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = pg_roles.oid) AS "memberOf",
      ARRAY(SELECT relname::text FROM pg_class WHERE relowner = pg_roles.oid AND relkind <> 't'
        UNION ALL SELECT proname::text FROM pg_proc WHERE proowner = pg_roles.oid) AS owns,
      has_schema_privilege(pg_roles.oid, 'public', 'CREATE') AS "createsInSchema"
    FROM pg_roles WHERE rolname LIKE 'storeflow\_%' ORDER BY 1`;
}

function readRights(sql: postgres.ISql): Promise<Right[]> {
  return sql<Right[]>`
    WITH lists AS (
      SELECT oid AS of, relowner AS owner, NULL AS "column", relacl AS list FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm')
      UNION ALL
      SELECT attrelid, relowner, attname::text, attacl FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    )
    SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS role, relname AS table, "column", privilege_type AS verb
    FROM lists JOIN pg_class ON pg_class.oid = of CROSS JOIN aclexplode(list)
    WHERE relnamespace = 'public'::regnamespace AND grantee <> owner ORDER BY 1, 2, 4, 3`;
}
