import { Type, type TSchema } from 'typebox';

/** The schema, or null. */
export const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** A member that may be left out or be null, which mean the same. */
export const Absent = <Schema extends TSchema>(schema: Schema) => Type.Optional(Nullable(schema));
