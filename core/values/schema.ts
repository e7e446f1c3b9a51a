import { Type, type TSchema } from 'typebox';

/** The schema, or null. */
export const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** A member that may be left out or be null, which mean the same. */
export const Absent = <Schema extends TSchema>(schema: Schema) => Type.Optional(Nullable(schema));

/** What would begin another line, or steer the terminal, mail or file that a text comes to. */
const STEERING = String.raw`\p{Cc}\p{Zl}\p{Zp}`;
export const LINE_PATTERN = `^[^${STEERING}]*$`;
/** There is but one way in which it fits a text, so that none takes long to be refused. */
export const FILLED_LINE_PATTERN = String.raw`^[^\S${STEERING}]*[^\s${STEERING}][^${STEERING}]*$`;

/** A text of one line, maybe an empty one: what people call things, and what stands on an envelope. */
export const Line = (maxLength: number) => Type.String({ maxLength, pattern: LINE_PATTERN });

/** A text of one line that is not blank. */
export const FilledLine = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: FILLED_LINE_PATTERN });

/** The largest whole number that a column of type integer holds. */
const INTEGER_MAX = 2_147_483_647;

/** The version of an entity that a caller has looked at; `least` is 0 where none may be there yet. */
export const VersionSeen = ({ least }: { readonly least: 0 | 1 } = { least: 1 }) =>
  Type.Integer({ minimum: least, maximum: INTEGER_MAX, description: 'The version that was looked at' });
