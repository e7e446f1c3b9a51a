import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { importProducts } from '#app/imports/import-products.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { browsing, PHONE, see } from '../support/browser.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { addToCart, choose, column, fillContact, press, standAtBoard } from '../support/people.ts';

/** A folder with `apparel.csv`, a Shopify shop's export; without it a short CSV of the same columns stands in. */
const { STOREFLOW_CATALOGUES } = process.env;
const WANTED = STOREFLOW_CATALOGUES
  ? {
      file: join(STOREFLOW_CATALOGUES, 'apparel.csv'),
      slug: 'lunar-cirque',
      name: 'Moon Cycle',
      options: { Color: 'Gunmetal', Size: 'XS' },
      price: '$36.00',
    }
  : {
      file: join(import.meta.dirname, '../fixtures/products.csv'),
      slug: 'trail-jacket',
      name: 'Trail Jacket',
      options: { Size: 'S', Colour: 'Moss', Lining: 'Wool' },
      price: '$189.90',
    };
const TRACKING = { code: 'AP 33 X', url: 'https://parcels.example.com/AP33X' };

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  const report = await importProducts({
    db: app.database.tenant(shops.roastery.tenant),
    input: createReadStream(WANTED.file),
    dryRun: false,
  });
  expect(report.created).toBeGreaterThan(0);
});
afterAll(() => app.close());
const { open } = browsing(() => app.visitor.origin);

it('takes an imported product in size and colour from the shelf to the customer’s door', async () => {
  const staff = await open();
  await standAtBoard(staff, 'packer');
  const customer = await open({ ...PHONE, expected: /status of 409/ });
  await addToCart(customer, `/s/${shops.roastery.slug}/p/${WANTED.slug}`, chooseOptions);
  await checkOutForShipping(customer);

  await press(staff, 'Accept order #1001');
  await press(staff, 'Start packing order #1001');
  await see(customer.getByRole('heading', { name: 'Your order is being packed' }));
  await ship(staff);
  await see(customer.getByRole('heading', { name: 'On its way to you' }));
  await see(customer.getByText(TRACKING.code));
  const link = customer.getByRole('link', { name: 'Follow the parcel' });
  expect(await link.getAttribute('href')).toBe(TRACKING.url);

  await press(staff, 'Mark delivered order #1001');
  await see(customer.getByRole('heading', { name: 'Delivered. Enjoy.' }));
});

async function chooseOptions(page: Page): Promise<void> {
  await see(page.getByRole('heading', { name: WANTED.name }));
  for (const [option, value] of Object.entries(WANTED.options)) {
    await page.getByRole('group', { name: option }).getByLabel(value, { exact: true }).check();
  }
  await see(page.getByRole('button', { name: `Add to cart ${WANTED.price}` }));
}

async function checkOutForShipping(page: Page): Promise<void> {
  await page.goto(`/s/${shops.roastery.slug}/checkout`);
  await choose(page, 'How would you like it?', 'Ship to me');
  await fillContact(page);
  await page.getByLabel('Street and number').fill('2 Low Street');
  await page.getByLabel('Town or suburb').fill('Melbourne');
  await page.getByLabel('State', { exact: true }).selectOption('Victoria');
  await page.getByLabel('Postcode').fill('9999');
  await see(page.getByText('The store does not deliver there.'));
  await page.getByLabel('Postcode').fill('3000');
  await choose(page, 'Shipping', 'Alder express');
  await see(page.getByRole('button', { name: /Place order \$(51.00|204.90)/ }));
  await press(page, /^Place order/);
  await page.waitForURL(/\/o\/[\w-]{20,}$/);
  await see(page.getByRole('term').filter({ hasText: 'Alder express' }));
}

async function ship(staff: Page): Promise<void> {
  await press(staff, 'Ship order #1001');
  const dialog = staff.getByRole('dialog', { name: 'Ship order #1001' });
  await dialog.getByRole('button', { name: 'Ship' }).click();
  await see(dialog.getByText('Enter the tracking code of the parcel.'));
  await dialog.getByLabel('Tracking code').fill(TRACKING.code);
  await dialog.getByLabel('Tracking link').fill(TRACKING.url);
  await dialog.getByRole('button', { name: 'Ship' }).click();
  await see(column(staff, 'Ready · Shipped').getByRole('button', { name: '#1001', exact: true }));
}
