import type { Price } from './api.ts';
import { totalsOf, type CartItem } from './cart.ts';
import { fromTemplate, part, setText, show } from './markup.ts';
import { money } from './shop.ts';

const WIDE = '(min-width: 820px)';

/** What is being ordered, beside the form on wide screens, above it and folded on narrow ones. */
export class CheckoutSummary {
  readonly #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
    const details = part<HTMLDetailsElement>(root, 'summary');
    if (details) details.open = matchMedia(WIDE).matches;
  }

  /** What the cart remembers, until the server has priced it. */
  showCart(items: readonly CartItem[]): void {
    const rows = items.map(({ quantity, shown }) =>
      this.#row(quantity, shown.name, [shown.variant, ...shown.choices], quantity * shown.unit_cents),
    );
    part(this.#root, 'lines')?.replaceChildren(...rows);
    const { cents } = totalsOf(items);
    setText(this.#root, 'items-total', money(cents));
    this.#showTotal(cents);
  }

  /** The server's figures. `shipping` is what to write there, null when nothing is shipped. */
  showPrice({ items, totals }: Price, shipping: string | null): void {
    const rows = items.map(({ quantity, name, variant, customizations, total_cents }) => {
      const choices = customizations.map((choice) =>
        choice.quantity > 1 ? `${choice.quantity} × ${choice.name}` : choice.name,
      );
      return this.#row(quantity, name, [variant, ...choices], total_cents);
    });
    part(this.#root, 'lines')?.replaceChildren(...rows);
    setText(this.#root, 'items-total', money(totals.items_cents));
    setText(this.#root, 'shipping-total', shipping ?? '');
    setText(this.#root, 'discount-total', money(-totals.discount_cents));
    setText(this.#root, 'tax-total', money(totals.tax_cents));
    setText(this.#root, 'tax-included-total', money(totals.tax_included_cents));
    const parts = shipping !== null || totals.total_cents !== totals.items_cents;
    show(part(this.#root, 'items-row'), parts);
    show(part(this.#root, 'shipping-row'), shipping !== null);
    show(part(this.#root, 'discount-row'), totals.discount_cents > 0);
    show(part(this.#root, 'tax-row'), totals.tax_cents > 0);
    show(part(this.#root, 'tax-included-row'), totals.tax_included_cents > 0);
    this.#showTotal(totals.total_cents);
  }

  /** Says at the line why it cannot be ordered, and makes sure that it is seen. */
  showProblem(line: number, text: string): void {
    const details = part<HTMLDetailsElement>(this.#root, 'summary');
    if (details) details.open = true;
    const row = part(this.#root, 'lines')?.children[line];
    const message = document.createElement('span');
    message.className = 'field-error';
    message.textContent = text;
    row?.querySelector('[data-part="details"]')?.append(message);
  }

  #row(quantity: number, name: string, details: readonly string[], cents: number): HTMLElement {
    const row = fromTemplate(this.#root, 'mini-line');
    setText(row, 'quantity', `${quantity} ×`);
    setText(row, 'name', name);
    setText(row, 'details', details.filter(Boolean).join(', '));
    setText(row, 'total', money(cents));
    return row;
  }

  #showTotal(cents: number): void {
    setText(this.#root, 'sum', money(cents));
    setText(this.#root, 'summary-total', money(cents));
  }
}
