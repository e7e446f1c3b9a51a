import type { ManagedProduct, ProductRow } from '#app/products/managed-product-view.ts';
import type { HttpClient } from './http-client.ts';
import { expectStatus } from './orders.ts';
import { formOf, productForm } from './product-forms.ts';

export const PRODUCTS = '/dashboard/products';

interface Refusal {
  readonly code: string;
  readonly errors: object;
  /** As it is by now. */
  readonly product: ManagedProduct;
}

/** What can be done to products over HTTP; by `usual` unless somebody else is named. */
export function productDesk(usual: () => HttpClient) {
  async function create(name: string, changes: object = {}, staff = usual()): Promise<ManagedProduct> {
    const body = { ...productForm(name, changes), active: true, scope: 'store', ...changes };
    return expectStatus(201, await staff.post<ManagedProduct>(PRODUCTS, body));
  }
  async function read(id: string, staff = usual()): Promise<ManagedProduct> {
    return expectStatus(200, await staff.get<ManagedProduct>(`${PRODUCTS}/${id}.json`));
  }
  const put = (product: ManagedProduct, changes: object, staff = usual()) =>
    staff.send<ManagedProduct & Refusal>(`${PRODUCTS}/${product.id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(formOf(product, changes)),
    });
  const remove = (id: string, staff = usual()) =>
    staff.send<{ outcome: string; code: string }>(`${PRODUCTS}/${id}`, { method: 'DELETE' });
  const arrange = (products: readonly string[], staff = usual()) =>
    staff.send(`${PRODUCTS}/order`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ products }),
    });
  async function list(query = '', staff = usual()) {
    const path = `${PRODUCTS}.json${query}`;
    return expectStatus(200, await staff.get<{ data: ProductRow[]; next_cursor: string | null }>(path));
  }
  const names = async (query = '', staff = usual()) =>
    (await list(query, staff)).data.map(({ name }) => name);

  return { create, read, put, remove, arrange, list, names };
}
