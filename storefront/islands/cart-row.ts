import type { CartItem } from './cart.ts';
import { part, setText, show, type Say } from './markup.ts';
import './number-stepper.ts';
import type { NumberStepper } from './number-stepper.ts';
import { money, shopOfPage } from './shop.ts';

interface RowOptions {
  readonly say: Say;
  readonly onQuantity: (quantity: number) => void;
  readonly onRemove: () => void;
}

/** A line of the cart in the theme's markup. */
export class CartRow {
  readonly element: HTMLElement;
  readonly #options: RowOptions;
  hasProblem = false;

  constructor(element: HTMLElement, options: RowOptions) {
    this.element = element;
    this.#options = options;
    element.addEventListener('change', () => options.onQuantity(this.#stepper?.value ?? 1));
    part(element, 'remove')?.addEventListener('click', options.onRemove);
  }

  show(item: CartItem): void {
    const { shown, quantity } = item;
    this.#showProduct(item);
    setText(this.element, 'variant', shown.variant);
    show(part(this.element, 'variant'), shown.variant !== '');
    part(this.element, 'choices')?.replaceChildren(...shown.choices.map(listItem));
    this.#showPrice(item, quantity * shown.unit_cents);
    const stepper = this.#stepper;
    if (stepper && stepper.value !== quantity) stepper.value = quantity;
  }

  /** What the server said: the line's price, or why it cannot be bought. */
  showPriced(
    item: CartItem,
    line: { unitCents: number; totalCents: number } | undefined,
    problem: string | null,
  ): void {
    const { say } = this.#options;
    const before = item.shown.unit_cents;
    this.hasProblem = problem !== null;
    this.element.toggleAttribute('data-invalid', this.hasProblem);
    if (problem) this.#showMessage(problem);
    else if (line && line.unitCents !== before) {
      this.#showMessage(say('price_changed', { now: money(line.unitCents), before: money(before) }));
    }
    if (!problem && this.#wasProblem) this.#showMessage(null);
    this.#wasProblem = this.hasProblem;
    if (line)
      this.#showPrice({ ...item, shown: { ...item.shown, unit_cents: line.unitCents } }, line.totalCents);
  }

  #wasProblem = false;

  focus(): void {
    this.#stepper?.input?.focus();
  }

  get #stepper(): NumberStepper | null {
    return this.element.querySelector<NumberStepper>('number-stepper');
  }

  #showProduct({ shown }: CartItem): void {
    const { root } = shopOfPage();
    for (const name of ['picture', 'name']) {
      part<HTMLAnchorElement>(this.element, name)?.setAttribute('href', `${root}/p/${shown.slug}`);
    }
    setText(this.element, 'name', shown.name);
    setText(this.element, 'remove-name', ` ${shown.name}`);
    const image = part<HTMLImageElement>(this.element, 'image');
    if (image && shown.image) image.src = shown.image;
    show(image, shown.image !== null);
    show(part(this.element, 'no-image'), shown.image === null);
    setText(this.element, 'initial', shown.name.slice(0, 1).toUpperCase());
  }

  #showPrice({ quantity, shown }: CartItem, totalCents: number): void {
    setText(this.element, 'total', money(totalCents));
    setText(this.element, 'unit', this.#options.say('each', { price: money(shown.unit_cents) }));
    show(part(this.element, 'unit'), quantity > 1);
  }

  #showMessage(text: string | null): void {
    setText(this.element, 'message', text ?? '');
    show(part(this.element, 'message'), text !== null);
  }
}

function listItem(text: string): HTMLElement {
  const item = document.createElement('li');
  item.textContent = text;
  return item;
}
