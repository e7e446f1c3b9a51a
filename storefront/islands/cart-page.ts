import { cartOfPage, lineKey, totalsOf, type CartItem } from './cart.ts';
import { CartRow } from './cart-row.ts';
import { debounced, fromTemplate, part, phraseBook, setText, show, type Say } from './markup.ts';
import { priceLines, type PricedCart } from './priced-cart.ts';
import { money } from './shop.ts';

const PRICE_QUIET_MS = 250;

/** The cart: shown at once from what this browser remembers, then as the server prices it. */
class CartPage extends HTMLElement {
  readonly #cart = cartOfPage();
  readonly #rows = new Map<string, CartRow>();
  readonly #priceSoon = debounced(() => void this.#price(), PRICE_QUIET_MS);
  #say!: Say;
  #asking: AbortController | undefined;
  #hasProblems = false;
  #removedRow: HTMLElement | undefined;

  connectedCallback(): void {
    this.#say = phraseBook(this);
    this.#cart.onChange(() => {
      this.#render();
      this.#priceSoon();
    });
    part(this, 'checkout')?.addEventListener('click', (event) => this.#onCheckout(event));
    this.#render();
    void this.#price();
  }

  #render(): void {
    const items = this.#cart.items();
    show(part(this, 'empty'), items.length === 0);
    show(part(this, 'filled'), items.length > 0 || this.#removedRow !== undefined);
    this.#dropRows(new Set(items.map(lineKey)));
    for (const item of items) this.#row(item).show(item);
    const rows = items.map((item) => this.#row(item).element);
    const list = part(this, 'lines');
    if (rows.some((row, at) => list?.querySelectorAll('.line')[at] !== row)) list?.append(...rows);
    this.#showTotal(totalsOf(items).cents);
  }

  #row(item: CartItem): CartRow {
    const key = lineKey(item);
    const known = this.#rows.get(key);
    if (known) return known;
    const row = new CartRow(fromTemplate(this, 'line'), {
      say: this.#say,
      onQuantity: (quantity) => this.#cart.setQuantity(key, quantity),
      onRemove: () => this.#remove(key),
    });
    this.#rows.set(key, row);
    return row;
  }

  #dropRows(kept: ReadonlySet<string>): void {
    for (const [key, row] of this.#rows) {
      if (kept.has(key)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
  }

  async #price(): Promise<void> {
    this.#asking?.abort();
    const items = this.#cart.items();
    if (items.length === 0) return;
    const asking = (this.#asking = new AbortController());
    try {
      this.#showPriced(items, await priceLines(items, this.#say, asking.signal));
    } catch {
      if (!asking.signal.aborted) this.#showTrouble(this.#say('unpriced'));
    }
  }

  #showPriced(items: readonly CartItem[], priced: PricedCart): void {
    this.#showTrouble(null);
    this.#hasProblems = priced.problems.size > 0;
    for (const item of items) {
      const key = lineKey(item);
      const line = priced.lines.get(key);
      this.#row(item).showPriced(item, line, priced.problems.get(key) ?? null);
      if (line && line.unitCents !== item.shown.unit_cents) this.#cart.setUnitCents(key, line.unitCents);
    }
    this.#showTotal(priced.totalCents);
  }

  #remove(key: string): void {
    const items = this.#cart.items();
    const at = items.findIndex((item) => lineKey(item) === key);
    const item = items[at];
    const place = this.#rows.get(key)?.element;
    if (!item || !place) return;
    this.#removedRow?.remove();
    const row = (this.#removedRow = fromTemplate(this, 'removed'));
    setText(row, 'text', this.#say('removed', { name: item.shown.name }));
    place.before(row);
    this.#cart.remove(key);
    const undo = part(row, 'undo');
    undo?.addEventListener('click', () => this.#restore(item, at));
    undo?.focus();
    this.#tell(this.#say('removed', { name: item.shown.name }));
  }

  #restore(item: CartItem, at: number): void {
    this.#removedRow?.remove();
    this.#removedRow = undefined;
    this.#cart.insert(item, at);
    this.#row(item).focus();
    this.#tell(this.#say('restored', { name: item.shown.name }));
  }

  #onCheckout(event: Event): void {
    if (!this.#hasProblems && this.#cart.items().length > 0) return;
    event.preventDefault();
    [...this.#rows.values()].find(({ hasProblem }) => hasProblem)?.focus();
  }

  #showTotal(cents: number): void {
    setText(this, 'sum', money(cents));
  }

  #showTrouble(text: string | null): void {
    setText(this, 'trouble', text ?? '');
    show(part(this, 'trouble'), text !== null);
  }

  #tell(text: string): void {
    setText(this, 'status', text);
  }
}

customElements.define('cart-page', CartPage);
