import { shopOfPage } from './shop.ts';

/** What the cart remembers of a product to show a line before the server has priced it. */
export interface Shown {
  readonly slug: string;
  readonly name: string;
  readonly variant: string;
  readonly choices: readonly string[];
  readonly unit_cents: number;
  readonly image: string | null;
}

export interface CartItem {
  readonly variant_id: string;
  readonly quantity: number;
  readonly customizations: readonly { readonly choice_id: string; readonly quantity: number }[];
  readonly shown: Shown;
}

/** The server takes no more lines (LINES_MAX there); quantities beyond this are a matter for a phone call. */
export const CART_LINES_MAX = 100;
export const CART_QUANTITY_MAX = 99;

export interface Cart {
  items(): readonly CartItem[];
  /** Adds to the line of the same variant and choices, or a new one. False when the cart is full. */
  add(item: CartItem): boolean;
  setQuantity(key: string, quantity: number): void;
  setUnitCents(key: string, unitCents: number): void;
  remove(key: string): void;
  /** Puts a removed line back where it was. */
  insert(item: CartItem, at: number): void;
  clear(): void;
  /** Calls back on each change, also of other tabs. */
  onChange(listener: () => void): () => void;
}

/** Tells lines apart: same variant and same choices are one line. */
export function lineKey({ variant_id, customizations }: CartItem): string {
  const choices = customizations.map(({ choice_id, quantity }) => `${choice_id}*${quantity}`).toSorted();
  return [variant_id, ...choices].join(' ');
}

/** A line as the API takes it. */
export function cartLine({ variant_id, quantity, customizations }: CartItem) {
  return { variant_id, quantity, customizations: customizations.map((choice) => ({ ...choice })) };
}

export function totalsOf(items: readonly CartItem[]): { count: number; cents: number } {
  return {
    count: items.reduce((sum, { quantity }) => sum + quantity, 0),
    cents: items.reduce((sum, { quantity, shown }) => sum + quantity * shown.unit_cents, 0),
  };
}

/** The cart of the page's store, kept in this browser. */
export function cartOfPage(): Cart {
  return openCart(browserStorage(), shopOfPage().slug);
}

type CartStorage = Pick<Storage, 'getItem' | 'setItem'>;

const CHANGED = 'storeflow:cart';

export function openCart(storage: CartStorage, slug: string): Cart {
  const name = `storeflow.cart.${slug}`;
  const items = () => parseCart(storage.getItem(name));
  const save = (next: readonly CartItem[]) => {
    storage.setItem(name, JSON.stringify(next));
    globalThis.dispatchEvent(new Event(CHANGED));
  };
  const change = (key: string, edit: (item: CartItem) => CartItem) =>
    save(items().map((item) => (lineKey(item) === key ? edit(item) : item)));
  return {
    items,
    add: (item) => {
      const [before, next] = [items(), withAdded(items(), item)];
      if (next.length > CART_LINES_MAX && next.length > before.length) return false;
      save(next);
      return true;
    },
    setQuantity: (key, quantity) => change(key, (item) => ({ ...item, quantity: within(quantity) })),
    setUnitCents: (key, unit_cents) =>
      change(key, (item) => ({ ...item, shown: { ...item.shown, unit_cents } })),
    remove: (key) => save(items().filter((item) => lineKey(item) !== key)),
    insert: (item, at) => save(items().toSpliced(at, 0, item)),
    clear: () => save([]),
    onChange: (listener) => listen(name, listener),
  };
}

function withAdded(items: readonly CartItem[], item: CartItem): readonly CartItem[] {
  const at = items.findIndex((other) => lineKey(other) === lineKey(item));
  const known = items[at];
  if (!known) return [...items, item];
  return items.with(at, { ...item, quantity: within(known.quantity + item.quantity) });
}

function within(quantity: number): number {
  return Math.min(CART_QUANTITY_MAX, Math.max(1, Math.round(quantity) || 1));
}

/** What is stored may come from an older version, another hand or a half-written moment: whatever is no line is dropped. */
export function parseCart(stored: string | null): readonly CartItem[] {
  try {
    const lines: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(lines) ? lines.filter(isCartItem).slice(0, CART_LINES_MAX) : [];
  } catch {
    return [];
  }
}

function isCartItem(line: unknown): line is CartItem {
  const { variant_id, quantity, customizations, shown } = (line ?? {}) as Partial<CartItem>;
  return (
    typeof variant_id === 'string' &&
    isQuantity(quantity) &&
    Array.isArray(customizations) &&
    customizations.every((choice) => typeof choice?.choice_id === 'string' && isQuantity(choice.quantity)) &&
    typeof shown?.name === 'string' &&
    typeof shown.slug === 'string' &&
    typeof shown.variant === 'string' &&
    Array.isArray(shown.choices) &&
    Number.isSafeInteger(shown.unit_cents)
  );
}

function isQuantity(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= CART_QUANTITY_MAX;
}

function listen(name: string, listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key === name || event.key === null) listener();
  };
  // A page that comes back from the browser's history slept through whatever happened meanwhile.
  const onReturn = (event: PageTransitionEvent) => {
    if (event.persisted) listener();
  };
  globalThis.addEventListener(CHANGED, listener);
  globalThis.addEventListener('storage', onStorage);
  globalThis.addEventListener('pageshow', onReturn);
  return () => {
    globalThis.removeEventListener(CHANGED, listener);
    globalThis.removeEventListener('storage', onStorage);
    globalThis.removeEventListener('pageshow', onReturn);
  };
}

let memory: CartStorage | undefined;

/** Browsers may forbid storage altogether; the cart then lasts as long as the page. */
function browserStorage(): CartStorage {
  try {
    localStorage.setItem('storeflow.probe', '1');
    localStorage.removeItem('storeflow.probe');
    return localStorage;
  } catch {
    memory ??= volatileStorage();
    return memory;
  }
}

function volatileStorage(): CartStorage {
  const values = new Map<string, string>();
  return {
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
  };
}
