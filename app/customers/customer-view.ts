import { Type, type Static } from 'typebox';
import { Absent, FilledLine, Line, Nullable } from '#core/values/schema.ts';

/** What customers and staff read and write of a person. */

const Time = Type.String({ format: 'date-time' });

export const EMAIL_LENGTH_MAX = 254;
export const EmailSchema = Type.String({ format: 'email', maxLength: EMAIL_LENGTH_MAX });
export const MobileSchema = Type.String({
  maxLength: 40,
  pattern: String.raw`^\+?[ ().-]*([0-9][ ().-]*){4,20}$`,
});
export const PASSWORD_LENGTH_MIN = 10;
const PASSWORD_LENGTH_MAX = 200;
/** A password that someone chooses. */
export const NewPasswordSchema = Type.String({
  minLength: PASSWORD_LENGTH_MIN,
  maxLength: PASSWORD_LENGTH_MAX,
});
/** A password that someone shows. */
export const PasswordSchema = Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH_MAX });
export const LinkTokenSchema = Type.String({ minLength: 1, maxLength: 100 });

export const FirstNameSchema = FilledLine(100);
export const LastNameSchema = Line(100);

export const CustomerSchema = Type.Object({
  public_id: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  email: Nullable(Type.String()),
  mobile: Nullable(Type.String()),
  loyalty_points: Type.Integer(),
  created_at: Time,
});
export type Customer = Static<typeof CustomerSchema>;

export const AddressFieldsSchema = Type.Object({
  country: Type.String({ pattern: '^[A-Za-z]{2}$', examples: ['AU'] }),
  state: Absent(Line(60)),
  postcode: FilledLine(20),
  city: FilledLine(120),
  line1: FilledLine(200),
  line2: Absent(Line(200)),
});
export type AddressFields = Static<typeof AddressFieldsSchema>;

export const AddressSchema = Type.Object({
  id: Type.String(),
  country: Type.String(),
  state: Nullable(Type.String()),
  postcode: Type.String(),
  city: Type.String(),
  line1: Type.String(),
  line2: Nullable(Type.String()),
});
export type Address = Static<typeof AddressSchema>;

export const SessionSchema = Type.Object({
  id: Type.String(),
  current: Type.Boolean(),
  created_at: Time,
  seen_at: Time,
});

/** The answer to whoever asks for a mail: the same whether or not one is sent. */
export const MailAskedSchema = Type.Object({
  status: Type.Literal('asked', { description: 'If the address can have this mail, it is on its way' }),
});
