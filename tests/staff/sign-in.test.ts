import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { replacePassword } from '#app/staff/replace-password.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { cookiesOf } from '../support/http-client.ts';
import { openMerchants, PASSWORD } from '../support/merchants.ts';
import { signIn } from '../support/sign-in.ts';

const FAILURES_MAX = 5;
const LOCKOUT_S = 5 * 60;

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await openMerchants(app);
});
afterAll(() => app.close());
beforeEach(() => app.admin`DELETE FROM directory_sign_in_attempts`);

const knock = (login: string, password: string, headers = {}) =>
  app.visitor.post('/login', { login, password }, headers);

/** Fails so often, one after the other; answers the last answer. */
async function fail(times: number, login = 'manager') {
  for (let nth = 1; nth < times; nth++) await knock(login, 'wrong');
  return knock(login, 'wrong');
}

/** Lets time pass for the attempts that are counted. */
const minutesPass = (minutes: number) =>
  app.admin`
    UPDATE directory_sign_in_attempts SET window_started_at = window_started_at - make_interval(mins => ${minutes}),
      locked_until = locked_until - make_interval(mins => ${minutes})`;

describe('signing in', () => {
  it.each(['manager', 'manager@example.com', 'MANAGER', ' Manager@Example.com '])(
    'opens with %s',
    async (login) => {
      const answer = await knock(login, PASSWORD);
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toBe('/dashboard');
    },
  );

  it('gives a secret that scripts cannot read, for this site only', async () => {
    const lines = (await knock('manager', PASSWORD)).headers.getSetCookie();
    const session = lines.find((line) => line.startsWith('storeflow_staff=')) ?? '';
    expect(session).toMatch(/^storeflow_staff=[\w-]{43};/);
    expect(session).toMatch(/; HttpOnly/);
    expect(session).toMatch(/; SameSite=Lax/);
    expect(session).toMatch(/; Path=\//);
    expect(session).not.toMatch(/Domain=/);
    expect(lines.find((line) => line.startsWith('XSRF-TOKEN=')) ?? '').not.toMatch(/HttpOnly/);
    const secret = session.split(/[=;]/)[1] ?? '';
    const kept =
      await app.admin`SELECT FROM directory_staff_sessions WHERE position(${secret}::bytea IN token_hash) > 0`;
    expect(kept).toHaveLength(0);
  });

  it('gives another secret each time', async () => {
    const [one, two] = [
      cookiesOf(await knock('manager', PASSWORD)),
      cookiesOf(await knock('manager', PASSWORD)),
    ];
    expect(one['storeflow_staff']).not.toBe(two['storeflow_staff']);
    expect(one['XSRF-TOKEN']).not.toBe(two['XSRF-TOKEN']);
  });

  it('ends the session that the browser showed before, whosever it was', async () => {
    const former = await signIn(app.visitor, 'manager');
    expect((await former.post('/login', { login: 'other-owner', password: PASSWORD })).status).toBe(303);
    expect((await former.get('/dashboard/board.json')).status).toBe(401);
  });

  it('takes away what is over of one’s sessions', async () => {
    await signIn(app.visitor, 'packer');
    await app.admin`UPDATE staff_sessions SET seen_at = now() - interval '13 hours'`;
    await signIn(app.visitor, 'packer');
    const kept =
      await app.admin`SELECT FROM staff_sessions JOIN staff ON staff.id = staff_id WHERE username = 'packer'`;
    expect(kept).toHaveLength(1);
  });

  it('enters the only store at once, and none of several', async () => {
    const [manager, owner] = [await signIn(app.visitor, 'manager'), await signIn(app.visitor, 'owner')];
    expect(await manager.get('/dashboard/board.json')).toMatchObject({ status: 200 });
    expect(await owner.get('/dashboard/board.json')).toMatchObject({
      status: 409,
      body: { code: 'STORE_NOT_CHOSEN' },
    });
    const page = await owner.get('/dashboard', { accept: 'text/html' });
    expect({ status: page.status, to: page.headers.get('location') }).toEqual({
      status: 303,
      to: '/dashboard/stores',
    });
  });

  it('leaves an audit row', async () => {
    await knock('barista', PASSWORD);
    const rows = await app.admin`
      SELECT action, staff.username FROM audit_log JOIN staff ON staff.id = actor_id WHERE action = 'staff.signed_in' AND username = 'barista'`;
    expect(rows).toHaveLength(1);
  });
});

describe('a refusal to sign in', () => {
  it('does not tell an unknown name from a wrong password, or from someone who left', async () => {
    await app.admin`UPDATE staff SET deactivated_at = now() WHERE username = 'packer'`;
    const answers = [
      await knock('manager', 'wrong'),
      await knock('manager', `${PASSWORD} `),
      await knock('nobody', PASSWORD),
      await knock('nobody@example.com', PASSWORD),
      await knock('packer', PASSWORD),
    ];
    await app.admin`UPDATE staff SET deactivated_at = NULL WHERE username = 'packer'`;
    for (const { status, body, headers } of answers) {
      const { request_id: _, ...told } = body;
      expect({ status, told, cookies: headers.getSetCookie() }).toEqual({
        status: 401,
        told: { ...answers[0]?.body, request_id: undefined },
        cookies: [],
      });
      expect(body).toMatchObject({ code: 'SIGN_IN_FAILED' });
    }
  });

  it('comes with the form again for people, and says no more', async () => {
    const answer = await knock('manager', 'wrong', {
      'x-inertia': 'true',
      referer: `${app.visitor.origin}/login`,
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/login');
    expect(answer.text).not.toContain('manager');
  });
});

describe(`${FAILURES_MAX} failures in a minute`, () => {
  it('lock the account for this address for five minutes, also for the right password', async () => {
    expect(await fail(FAILURES_MAX)).toMatchObject({ status: 401 });
    const locked = await knock('manager', PASSWORD);
    expect(locked).toMatchObject({ status: 429, body: { code: 'SIGN_IN_LOCKED' } });
    const wait = Number(locked.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(LOCKOUT_S - 60);
    expect(wait).toBeLessThanOrEqual(LOCKOUT_S);
  });

  it('lock however the name is written', async () => {
    for (const login of ['manager', 'Manager', 'MANAGER ', ' manager', 'mAnAgEr'])
      await knock(login, 'wrong');
    expect(await knock('manager', PASSWORD)).toMatchObject({ status: 429 });
  });

  it('lock an unknown name alike', async () => {
    expect(await fail(FAILURES_MAX + 1, 'nobody')).toMatchObject({
      status: 429,
      body: { code: 'SIGN_IN_LOCKED' },
    });
  });

  it('lock nobody else', async () => {
    await fail(FAILURES_MAX + 1);
    expect(await knock('barista', PASSWORD)).toMatchObject({ status: 303 });
  });

  it('stay locked when the server starts again', async () => {
    await fail(FAILURES_MAX);
    app = await app.restart();
    expect(await knock('manager', PASSWORD)).toMatchObject({ status: 429 });
  });

  it('open again when the time is over; further failures lock for longer, up to fifteen minutes', async () => {
    await fail(FAILURES_MAX);
    const waits: number[] = [];
    for (let nth = 0; nth < 13; nth++) {
      await minutesPass(Math.ceil((waits.at(-1) ?? LOCKOUT_S) / 60));
      expect(await knock('manager', 'wrong')).toMatchObject({ status: 401 });
      waits.push(Number((await knock('manager', PASSWORD)).headers.get('retry-after')));
    }
    expect(waits.map((seconds) => Math.ceil(seconds / 60))).toEqual([
      6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15, 15, 15,
    ]);
    await minutesPass(15);
    expect(await knock('manager', PASSWORD)).toMatchObject({ status: 303 });
  });

  it('are forgotten after a success, and after a minute', async () => {
    await fail(FAILURES_MAX - 1);
    expect(await knock('manager', PASSWORD)).toMatchObject({ status: 303 });
    await fail(FAILURES_MAX - 1);
    expect(await knock('manager', PASSWORD)).toMatchObject({ status: 303 });
    await fail(FAILURES_MAX - 1);
    await minutesPass(2);
    expect(await fail(FAILURES_MAX - 1)).toMatchObject({ status: 401 });
    expect(await knock('manager', PASSWORD)).toMatchObject({ status: 303 });
  });

  it('count when they come at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => knock('manager', 'wrong')));
    expect(await knock('manager', PASSWORD)).toMatchObject({ status: 429 });
  });
});

describe('another site’s page', () => {
  it.each([
    ['names its origin', { origin: 'https://evil.example' }],
    ['hides its origin', { origin: 'null' }],
    ['is of another port', { origin: 'http://127.0.0.1:1' }],
    ['is told by the browser', { 'sec-fetch-site': 'cross-site' }],
    ['is of another subdomain', { 'sec-fetch-site': 'same-site' }],
  ])('cannot sign anyone in when it %s', async (_, headers) => {
    const answer = await knock('manager', PASSWORD, headers);
    expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('is not our own', async () => {
    const own = { origin: app.visitor.origin, 'sec-fetch-site': 'same-origin' };
    expect(await knock('manager', PASSWORD, own)).toMatchObject({ status: 303 });
  });
});

describe('a forgotten password', () => {
  it('is replaced by whoever holds the server: the old one and all sessions end', async () => {
    const before = await signIn(app.visitor, 'other-owner');
    const password = await replacePassword(app.database, 'Other-Owner');
    expect(await knock('other-owner', PASSWORD)).toMatchObject({ status: 401 });
    expect(await before.get('/dashboard/board.json')).toMatchObject({ status: 401 });
    expect(await knock('other-owner', password ?? '')).toMatchObject({ status: 303 });
    const acts = await app.admin`SELECT actor_kind FROM audit_log WHERE action = 'staff.password_replaced'`;
    expect(acts).toEqual([{ actor_kind: 'system' }]);
  });

  it('is not replaced where nobody has that name', async () => {
    expect(await replacePassword(app.database, 'nobody')).toBeNull();
  });
});

describe('behind HTTPS', () => {
  it('the secret is tied to this very host', async () => {
    const secured = await testApp({ secureCookies: true });
    await openMerchants(secured);
    const answer = await secured.visitor.post('/login', { login: 'manager', password: PASSWORD });
    const [session, token] = answer.headers.getSetCookie();
    expect(session).toMatch(/^__Host-storeflow_staff=/);
    expect(session).toMatch(/; Secure/);
    expect(token).toMatch(/; Secure/);
    await secured.close();
  });
});
