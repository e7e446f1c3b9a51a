import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { browsing, see } from '../support/browser.ts';
import { openMerchants, PASSWORD } from '../support/merchants.ts';
import { connection, press, signInAt, standAtBoard } from '../support/people.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await openMerchants(app);
});
afterAll(() => app.close());
const { open } = browsing(() => app.visitor.origin);

/** A lost connection is dialled again within half a second. */
const LONGER_THAN_THE_FIRST_REDIAL_MS = 700;
const ENDED = /status of (401|419)/;

describe('the door of the dashboard', () => {
  it('says what is missing and that a name and password do not fit, and lets in who has both', async () => {
    const page = await open();
    await page.goto('/dashboard');
    await page.waitForURL('**/login');
    await press(page, 'Sign in');
    await see(page.getByText('Enter your e-mail or user name.'), page.getByText('Enter your password.'));
    await page.getByLabel('E-mail or user name').fill('barista');
    await page.getByLabel('Password', { exact: true }).fill('a wrong password');
    await press(page, 'Sign in');
    await see(page.getByRole('alert'));
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');

    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await see(page.getByRole('heading', { name: 'Operations' }), connection(page, 'Live'));
  });

  it('is shut again after signing out', async () => {
    const page = await open();
    await standAtBoard(page, 'barista');
    await press(page, /^Your account/);
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/login');
    await page.goto('/dashboard');
    await page.waitForURL('**/login');
  });

  it('is not knocked at by the board that has signed out and waits for the next page', async () => {
    const page = await open();
    await standAtBoard(page, 'barista');
    const asked: string[] = [];
    await page.route('**/logout', async (route) => {
      const answer = await route.fetch();
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await setTimeout(LONGER_THAN_THE_FIRST_REDIAL_MS);
      await route.fulfill({ response: answer });
    });
    await press(page, /^Your account/);
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/login');
    await see(page.getByRole('heading', { name: 'Sign in' }));
    expect(asked).not.toContain('/dashboard/realtime/ticket');
  });

  it('leads somebody back to the board from a page that is not theirs', async () => {
    const page = await open({ expected: /status of 403/ });
    await standAtBoard(page, 'barista');
    await page.goto('/dashboard/orders');
    await see(page.getByRole('heading', { name: 'Not allowed' }));
    await page.getByRole('link', { name: 'Go to operations' }).click();
    await see(connection(page, 'Live'));
  });

  it('lets an owner choose among the stores, and change', async () => {
    const page = await open();
    await signInAt(page, 'owner');
    await see(page.getByRole('heading', { name: 'Choose a store' }));
    await press(page, /^Alder cafe/);
    await press(page, 'Store: Alder cafe. Switch store');
    await page.getByRole('menuitemcheckbox', { name: 'Alder roastery' }).click();
    await see(page.getByRole('button', { name: 'Store: Alder roastery. Switch store' }));
    await see(connection(page, 'Live'));
  });

  it('is where a board goes whose session was ended elsewhere', async () => {
    const page = await open({ expected: ENDED });
    await standAtBoard(page, 'manager');
    await app.admin`
      UPDATE staff_sessions SET expires_at = now()
      WHERE staff_id = (SELECT id FROM staff WHERE email = 'manager@example.com')`;
    await page.getByRole('link', { name: 'Orders' }).click();
    await page.waitForURL('**/login');
    await see(page.getByRole('heading', { name: 'Sign in' }));
  });
});
