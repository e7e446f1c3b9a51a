import { resolve } from 'node:path';
import type { StripeApi } from '#app/payments/stripe-client.ts';
import type { BucketSettings } from '#core/files/media-bucket.ts';

/** The settings of a server, read once at start. */
export interface Config {
  readonly environment: 'production' | 'development' | 'test';
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly databasePool: number;
  readonly secret: string | null;
  readonly demoPassword: string | null;
  readonly rateLimits: boolean;
  readonly secureCookies: boolean;
  readonly trustProxy: boolean;
  readonly allowedOrigins: readonly string[];
  /** Scheme and host under which people reach the server, for links in mails. */
  readonly publicUrl: string;
  /** Where pictures are kept instead of the data folder, and where they are public if they are. */
  readonly bucket: (BucketSettings & { readonly publicUrl: string | null }) | null;
  /** The mail server and the address that mails come from; null when there is none. */
  readonly mail: { readonly url: string; readonly from: string } | null;
  /** Whether webhooks may go to this machine and its own network. */
  readonly webhooksAllowPrivate: boolean;
  readonly logLevel: string;
  /** Whether the numbers of test cards buy something. */
  readonly testPayments: boolean;
  /** Where Stripe is; whose account takes the money, each merchant says. */
  readonly stripe: StripeApi;
}

/** A setting that stops the start: its name, what was expected and what came, in one line. */
export class ConfigError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

const PORT_MAX = 65_535;
const POOL_MAX = 200;
const SECRET_LENGTH_MIN = 32;
const PASSWORD_LENGTH_MIN = 12;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
const ENVIRONMENTS = ['production', 'development', 'test'] as const;
const SWITCH = ['on', 'off'] as const;
const STRIPE_API = 'https://api.stripe.com';
const S3_REGION = 'us-east-1';

/** Reads and checks all settings. Throws `ConfigError` at the first that is wrong. */
export function readConfig(env: Environment): Config {
  const environment = oneOf(env, 'NODE_ENV', ENVIRONMENTS, 'development');
  const production = environment === 'production';
  const rateLimits = oneOf(env, 'RATE_LIMITS', SWITCH, 'on') === 'on';
  if (production && !rateLimits)
    throw new ConfigError('RATE_LIMITS: expected on in production, received off');
  const port = wholeNumber(env, 'PORT', { fallback: 3000, min: 0, max: PORT_MAX });
  const mail = mailServer(env);
  const [publicUrl] = origins(env, 'PUBLIC_URL');
  if (production && mail && !publicUrl)
    throw new ConfigError('PUBLIC_URL: expected an origin for the links in mails, received nothing');
  return {
    environment,
    host: env['HOST'] || '127.0.0.1',
    port,
    dataDir: resolve(env['DATA_DIR'] || 'data'),
    databaseUrl: postgresUrl(env, 'DATABASE_URL'),
    databasePool: wholeNumber(env, 'DATABASE_POOL', { fallback: 12, min: 2, max: POOL_MAX }),
    secret: longEnough(env, 'APP_SECRET', SECRET_LENGTH_MIN),
    demoPassword: longEnough(env, 'DEMO_PASSWORD', PASSWORD_LENGTH_MIN),
    rateLimits,
    secureCookies: oneOf(env, 'SECURE_COOKIES', SWITCH, production ? 'on' : 'off') === 'on',
    trustProxy: oneOf(env, 'TRUST_PROXY', SWITCH, 'off') === 'on',
    allowedOrigins: origins(env, 'ALLOWED_ORIGINS'),
    publicUrl: publicUrl ?? `http://localhost:${port}`,
    bucket: bucket(env),
    mail,
    webhooksAllowPrivate: oneOf(env, 'WEBHOOKS_ALLOW_PRIVATE', SWITCH, 'off') === 'on',
    logLevel: oneOf(env, 'LOG_LEVEL', LOG_LEVELS, production ? 'info' : 'warn'),
    testPayments: oneOf(env, 'TEST_PAYMENTS', SWITCH, production ? 'off' : 'on') === 'on',
    stripe: { base: httpUrl(env, 'STRIPE_API_BASE') ?? STRIPE_API },
  };
}

/** The keys are no settings of ours: the SDK finds them where it always does. */
function bucket(env: Environment): Config['bucket'] {
  const name = env['S3_BUCKET'];
  const endpoint = httpUrl(env, 'S3_ENDPOINT');
  const publicUrl = httpUrl(env, 'S3_PUBLIC_URL')?.replace(/\/+$/, '') ?? null;
  if (name) return { bucket: name, region: env['S3_REGION'] || S3_REGION, endpoint, publicUrl };
  if (endpoint ?? publicUrl)
    throw new ConfigError('S3_BUCKET: expected the name of a bucket, received nothing');
  return null;
}

function httpUrl(env: Environment, name: string): string | null {
  const value = env[name];
  if (!value) return null;
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
  throw new ConfigError(`${name}: expected an address like https://host.example, received ${value}`);
}

function oneOf<Choice extends string>(
  env: Environment,
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const value = env[name] || fallback;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined)
    throw new ConfigError(`${name}: expected one of ${choices.join(', ')}, received ${value}`);
  return choice;
}

function wholeNumber(
  env: Environment,
  name: string,
  { fallback, min, max }: { fallback: number; min: number; max: number },
): number {
  const value = env[name] || String(fallback);
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max) {
    throw new ConfigError(`${name}: expected a whole number from ${min} to ${max}, received ${value}`);
  }
  return number;
}

/** The value itself is not repeated in the message: it may be a password. */
function postgresUrl(env: Environment, name: string): string | null {
  const value = env[name];
  if (!value) return null;
  if (URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol)) return value;
  throw new ConfigError(
    `${name}: expected an address like postgres://user:password@host:5432/name, received something else`,
  );
}

/** The address of the mail server holds a password: it is not repeated. */
function mailServer(env: Environment): Config['mail'] {
  const url = env['MAIL_URL'];
  const from = env['MAIL_FROM'] ?? '';
  if (!url) return null;
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol))
    throw new ConfigError(
      'MAIL_URL: expected an address like smtp://user:password@host:587, received something else',
    );
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(from))
    throw new ConfigError(
      `MAIL_FROM: expected an address like shop@example.com, received ${from || 'nothing'}`,
    );
  return { url, from };
}

function longEnough(env: Environment, name: string, min: number): string | null {
  const value = env[name];
  if (!value) return null;
  if (value.length < min)
    throw new ConfigError(`${name}: expected at least ${min} characters, received ${value.length}`);
  return value;
}

function origins(env: Environment, name: string): string[] {
  const values = (env[name] ?? '')
    .split(',')
    .map((value) => value.trim())
    .filter(Boolean);
  const wrong = values.find((value) => !URL.canParse(value) || new URL(value).origin !== value);
  if (wrong !== undefined)
    throw new ConfigError(
      `${name}: expected origins like https://shop.example separated by commas, received ${wrong}`,
    );
  return values;
}
