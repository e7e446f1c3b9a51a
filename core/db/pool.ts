import type postgres from 'postgres';

/** Connections of one database role. */
export type Pool = postgres.Sql;
