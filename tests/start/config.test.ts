import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '#start/config.ts';
import { explain } from '#start/explain.ts';

/** What a start is told about these settings. */
function toldOf(env: Record<string, string>): string {
  try {
    readConfig(env);
    return 'nothing';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return explain(error);
  }
}

describe('the settings', () => {
  it('all have a value that suits a first start', () => {
    expect(readConfig({})).toEqual({
      environment: 'development',
      host: '127.0.0.1',
      port: 3000,
      dataDir: resolve('data'),
      databaseUrl: null,
      databasePool: 12,
      secret: null,
      demoPassword: null,
      rateLimits: true,
      secureCookies: false,
      trustProxy: false,
      allowedOrigins: [],
      publicUrl: 'http://localhost:3000',
      bucket: null,
      mail: null,
      webhooksAllowPrivate: false,
      logLevel: 'warn',
      testPayments: true,
      stripe: { base: 'https://api.stripe.com' },
    });
  });

  it('are stricter in production', () => {
    expect(readConfig({ NODE_ENV: 'production' })).toMatchObject({
      rateLimits: true,
      secureCookies: true,
      logLevel: 'info',
      testPayments: false,
    });
  });

  it('count as not given when they are empty', () => {
    const names = [
      'NODE_ENV',
      'HOST',
      'PORT',
      'DATA_DIR',
      'DATABASE_URL',
      'DATABASE_POOL',
      'APP_SECRET',
      'DEMO_PASSWORD',
    ];
    const more = [
      'RATE_LIMITS',
      'SECURE_COOKIES',
      'TRUST_PROXY',
      'ALLOWED_ORIGINS',
      'LOG_LEVEL',
      'PUBLIC_URL',
      'MAIL_URL',
      'MAIL_FROM',
      'TEST_PAYMENTS',
      'STRIPE_API_BASE',
    ];
    const bucket = ['BUCKET', 'REGION', 'ENDPOINT', 'PUBLIC_URL'].map((name) => `S3_${name}`);
    const empty = Object.fromEntries([...names, ...more, ...bucket].map((name) => [name, '']));
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  it('are taken as they are given', () => {
    const config = readConfig({
      HOST: '0.0.0.0',
      PORT: '0',
      DATABASE_URL: 'postgres://shop:secret@db:5432/shop',
      DATABASE_POOL: '40',
      RATE_LIMITS: 'off',
      ALLOWED_ORIGINS: 'https://a.example, https://b.example:8443',
    });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      databaseUrl: 'postgres://shop:secret@db:5432/shop',
      databasePool: 40,
      rateLimits: false,
      allowedOrigins: ['https://a.example', 'https://b.example:8443'],
    });
  });
});

describe('a wrong setting', () => {
  it.each([
    ['NODE_ENV', 'staging', 'NODE_ENV: expected one of production, development, test, received staging'],
    ['PORT', '65536', 'PORT: expected a whole number from 0 to 65535, received 65536'],
    ['PORT', '-1', 'PORT: expected a whole number from 0 to 65535, received -1'],
    ['PORT', '3000a', 'PORT: expected a whole number from 0 to 65535, received 3000a'],
    ['PORT', '3e3', 'PORT: expected a whole number from 0 to 65535, received 3e3'],
    ['DATABASE_POOL', '1', 'DATABASE_POOL: expected a whole number from 2 to 200, received 1'],
    ['DATABASE_POOL', '201', 'DATABASE_POOL: expected a whole number from 2 to 200, received 201'],
    ['RATE_LIMITS', 'no', 'RATE_LIMITS: expected one of on, off, received no'],
    ['SECURE_COOKIES', 'true', 'SECURE_COOKIES: expected one of on, off, received true'],
    ['TRUST_PROXY', '1', 'TRUST_PROXY: expected one of on, off, received 1'],
    [
      'S3_ENDPOINT',
      'minio:9000',
      'S3_ENDPOINT: expected an address like https://host.example, received minio:9000',
    ],
    ['S3_PUBLIC_URL', 'https://cdn.example', 'S3_BUCKET: expected the name of a bucket, received nothing'],
    [
      'LOG_LEVEL',
      'loud',
      'LOG_LEVEL: expected one of fatal, error, warn, info, debug, silent, received loud',
    ],
    [
      'ALLOWED_ORIGINS',
      'shop.example',
      'ALLOWED_ORIGINS: expected origins like https://shop.example separated by commas, received shop.example',
    ],
    [
      'ALLOWED_ORIGINS',
      'https://a.example/x',
      'ALLOWED_ORIGINS: expected origins like https://shop.example separated by commas, received https://a.example/x',
    ],
    [
      'ALLOWED_ORIGINS',
      '*',
      'ALLOWED_ORIGINS: expected origins like https://shop.example separated by commas, received *',
    ],
  ])('stops the start with its name, what was expected and what came: %s=%s', (name, value, told) => {
    expect(toldOf({ [name]: value })).toBe(told);
  });

  it.each([
    [
      'DATABASE_URL',
      'mysql://root:hunter2@db/shop',
      /^DATABASE_URL: expected an address like postgres:.*, received something else$/,
    ],
    ['DATABASE_URL', 'hunter2', /^DATABASE_URL: expected an address like postgres:/],
    ['APP_SECRET', 'hunter2', /^APP_SECRET: expected at least 32 characters, received 7$/],
    ['MAIL_URL', 'https://shop:hunter2@mail.example', /^MAIL_URL: expected an address like smtp:/],
    ['DEMO_PASSWORD', 'hunter2', /^DEMO_PASSWORD: expected at least 12 characters, received 7$/],
  ])('does not repeat what may be a secret: %s=%s', (name, value, told) => {
    expect(toldOf({ [name]: value })).toMatch(told);
    expect(toldOf({ [name]: value })).not.toContain('hunter2');
  });

  it('is a mail server without a sender, or without an address for links in production', () => {
    const MAIL_URL = 'smtp://mail.example';
    expect(toldOf({ MAIL_URL })).toBe(
      'MAIL_FROM: expected an address like shop@example.com, received nothing',
    );
    expect(toldOf({ MAIL_URL, MAIL_FROM: 'shop@example.com' })).toBe('nothing');
    expect(toldOf({ MAIL_URL, MAIL_FROM: 'shop@example.com', NODE_ENV: 'production' })).toBe(
      'PUBLIC_URL: expected an origin for the links in mails, received nothing',
    );
  });

  it('is to be without rate limits in production', () => {
    expect(toldOf({ NODE_ENV: 'production', RATE_LIMITS: 'off' })).toBe(
      'RATE_LIMITS: expected on in production, received off',
    );
  });
});
