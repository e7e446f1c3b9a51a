import { Type, type Static, type TSchema } from 'typebox';
import { FilledLine, Nullable } from '#core/values/schema.ts';
import { KEY_SCOPES, type StaffAbility, type StaffRole } from './abilities.ts';

const NAME_LENGTH_MAX = 120;
const EMAIL_LENGTH_MAX = 254;
export const PASSWORD_LENGTH_MIN = 12;
export const PASSWORD_LENGTH_MAX = 1000;
/** Of an opaque id, in characters. */
const ID_LENGTH_MAX = 40;
const STORES_MAX = 200;

const Time = Type.String({ format: 'date-time' });

export const Id = Type.String({ minLength: 1, maxLength: ID_LENGTH_MAX });
export const Name = FilledLine(NAME_LENGTH_MAX);
export const Email = Type.String({ format: 'email', maxLength: EMAIL_LENGTH_MAX });
export const NewPassword = Type.String({ minLength: PASSWORD_LENGTH_MIN, maxLength: PASSWORD_LENGTH_MAX });
export const Username = Type.String({ pattern: '^[A-Za-z0-9._-]{3,40}$' });
export const StoreIds = Type.Array(Id, { maxItems: STORES_MAX, uniqueItems: true });
export const RoleSchema = oneOf<StaffRole>(['owner', 'manager', 'staff']);
export const ScopeSchema = oneOf<StaffAbility>(KEY_SCOPES);

const StoreName = Type.Object({ id: Id, name: Type.String() });

export const StaffMemberSchema = Type.Object({
  id: Id,
  name: Type.String(),
  email: Type.String(),
  username: Nullable(Type.String()),
  role: RoleSchema,
  /** Empty for an owner, who has all. */
  stores: Type.Array(StoreName),
  version: Type.Integer(),
  created_at: Time,
  deactivated_at: Nullable(Time),
});
export type StaffMember = Static<typeof StaffMemberSchema>;

export const InvitationSchema = Type.Object({
  id: Id,
  name: Type.String(),
  email: Type.String(),
  role: RoleSchema,
  stores: Type.Array(StoreName),
  invited_by: Type.String(),
  created_at: Time,
  expires_at: Time,
});
export type Invitation = Static<typeof InvitationSchema>;

export const SessionSchema = Type.Object({
  id: Id,
  /** What the browser calls itself. */
  user_agent: Type.String(),
  store: Nullable(StoreName),
  created_at: Time,
  /** To within five minutes. */
  seen_at: Time,
  expires_at: Time,
  /** Whether it is the one that asks. */
  current: Type.Boolean(),
});
export type Session = Static<typeof SessionSchema>;

export const ApiKeySchema = Type.Object({
  id: Id,
  name: Type.String(),
  store: StoreName,
  scopes: Type.Array(ScopeSchema),
  created_by: Type.String(),
  created_at: Time,
  expires_at: Nullable(Time),
  /** To within a minute; null before its first use. */
  last_used_at: Nullable(Time),
  revoked_at: Nullable(Time),
});
export type ApiKey = Static<typeof ApiKeySchema>;

export const NewApiKeySchema = Type.Object({
  ...ApiKeySchema.properties,
  /** Shown this once. */
  secret: Type.String(),
});

function oneOf<Choice extends string>(choices: readonly Choice[]) {
  return Type.Unsafe<Choice>({ type: 'string', enum: [...choices] } as TSchema);
}
