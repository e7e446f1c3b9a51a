import { cartOfPage, totalsOf } from './cart.ts';
import { pageData, phraseBook, show, type Say } from './markup.ts';
import { money } from './shop.ts';

/** What is in the cart, wherever a theme wants to show it: in the header, or as a bar that hides while the cart is empty. */
class CartBadge extends HTMLElement {
  readonly #cart = cartOfPage();
  #say: Say | undefined;
  #stop: (() => void) | undefined;

  connectedCallback(): void {
    this.#say = pageData(this, 'texts') ? phraseBook(this) : undefined;
    this.#stop = this.#cart.onChange(() => this.#refresh({ announce: true }));
    this.#refresh({ announce: false });
  }

  disconnectedCallback(): void {
    this.#stop?.();
  }

  #refresh({ announce }: { announce: boolean }): void {
    const { count, cents } = totalsOf(this.#cart.items());
    if ('hideWhenEmpty' in this.dataset) this.hidden = count === 0;
    this.#fill('[data-count]', String(count), count > 0);
    this.#fill('[data-total]', money(cents), count > 0);
    const status = this.querySelector('[data-status]');
    if (!announce || !status || !this.#say) return;
    status.textContent =
      count === 0 ? this.#say('emptied') : this.#say('changed', { count, total: money(cents) });
  }

  #fill(selector: string, text: string, visible: boolean): void {
    const element = this.querySelector<HTMLElement>(selector);
    if (element) element.textContent = text;
    show(element, visible);
  }
}

customElements.define('cart-badge', CartBadge);
