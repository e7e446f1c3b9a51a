import { Type, type TSchema } from 'typebox';

/** The schema, or null. */
export const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** A member that may be left out or be null, which mean the same. */
export const Absent = <Schema extends TSchema>(schema: Schema) => Type.Optional(Nullable(schema));

/** The largest whole number that a column of type integer holds. */
const INTEGER_MAX = 2_147_483_647;

/** The version of an entity that a caller has looked at; `least` is 0 where none may be there yet. */
export const VersionSeen = ({ least }: { readonly least: 0 | 1 } = { least: 1 }) =>
  Type.Integer({ minimum: least, maximum: INTEGER_MAX, description: 'The version that was looked at' });
