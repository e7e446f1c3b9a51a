import { quoteShipping, Refused, type Quote } from './api.ts';
import { cartLine, type CartItem } from './cart.ts';
import type { CheckoutFields } from './checkout-fields.ts';
import { fromTemplate, part, setText, show, type Say } from './markup.ts';
import { statesOf } from '#core/values/regions.ts';
import { money } from './shop.ts';

export interface Destination {
  readonly country: string;
  readonly state: string | null;
  readonly postcode: string;
}

type Option = Quote['options'][number];

/** The address, and what it costs to ship the cart there. */
export class CheckoutShipping {
  readonly #root: HTMLElement;
  readonly #fields: CheckoutFields;
  readonly #say: Say;
  #asking: AbortController | undefined;
  #country: string | undefined;
  /** Whether the cart was quoted for the address as it is. */
  isQuoted = false;
  /** Why there is nothing to choose from. */
  trouble = '';

  constructor(root: HTMLElement, fields: CheckoutFields, say: Say) {
    this.#root = root;
    this.#fields = fields;
    this.#say = say;
  }

  /** Null until the address says enough. */
  get destination(): Destination | null {
    const country = this.#fields.value('shipping_address.country');
    const state =
      this.#fields.value('shipping_address.state') || this.#fields.value('shipping_address.region');
    const postcode = this.#fields.value('shipping_address.postcode');
    if (!country || postcode.length < 2 || (statesOf(country) && !state)) return null;
    return { country, state: state || null, postcode };
  }

  get methodId(): string | null {
    return this.#fields.value('shipping_method_id') || null;
  }

  /** Asks for an address, or not; fields that are not asked for are not sent, either. */
  ask(asked: boolean): void {
    for (const name of ['address', 'shipping']) {
      const fieldset = part<HTMLFieldSetElement>(this.#root, name);
      show(fieldset, asked);
      if (fieldset) fieldset.disabled = !asked;
    }
    if (asked) this.#fitAddress();
  }

  /** Looks up the methods for the address. Resolves when they are shown, or overtaken by a later call. */
  async quote(items: readonly CartItem[]): Promise<void> {
    this.#asking?.abort();
    this.#fitAddress();
    this.isQuoted = false;
    const { destination } = this;
    if (!destination) return this.#showOptions([], this.#say('enter_address'));
    const asking = (this.#asking = new AbortController());
    setText(this.#root, 'shipping-note', this.#say('quoting'));
    part(this.#root, 'methods')?.setAttribute('aria-busy', 'true');
    try {
      const { options } = await quoteShipping({ ...destination, items: items.map(cartLine) }, asking.signal);
      this.isQuoted = true;
      this.#showOptions(options, options.length === 0 ? this.#say('not_needed') : '');
    } catch (error) {
      if (!asking.signal.aborted) this.#showOptions([], this.#refusal(error));
    }
  }

  #refusal(error: unknown): string {
    if (!(error instanceof Refused)) return this.#say('quote_failed');
    const { code, title } = error.problem;
    return code === 'DELIVERY_NOT_AVAILABLE_FOR_POSTCODE' ? this.#say('not_delivered') : `${title}.`;
  }

  #showOptions(options: readonly Option[], note: string): void {
    const before = this.methodId;
    const chosen = options.some(({ method_id }) => method_id === before) ? before : options[0]?.method_id;
    const list = part(this.#root, 'methods');
    list?.replaceChildren(...options.map((option) => this.#card(option, option.method_id === chosen)));
    list?.setAttribute('aria-busy', 'false');
    setText(this.#root, 'shipping-note', note);
    this.trouble = note;
  }

  #card({ method_id, label, eta_text, price_cents }: Option, checked: boolean): HTMLElement {
    const card = fromTemplate(this.#root, 'method');
    const input = card.querySelector('input');
    if (input) Object.assign(input, { value: method_id, checked });
    setText(card, 'title', label);
    setText(card, 'note', eta_text);
    setText(card, 'price', price_cents === 0 ? this.#say('free') : money(price_cents));
    return card;
  }

  /** The state and postcode of the country: what they are called, and whether there is a list to choose from. */
  #fitAddress(): void {
    const country = this.#fields.value('shipping_address.country');
    if (country === this.#country) return;
    this.#country = country;
    const states = statesOf(country);
    const list = this.#control<HTMLSelectElement>('shipping_address.state');
    const chosen = list?.value;
    list?.replaceChildren(
      new Option('', ''),
      ...(states ?? []).map(({ code, name }) => new Option(name, code, false, code === chosen)),
    );
    this.#offer(list, states !== null);
    this.#offer(this.#control('shipping_address.region'), states === null);
    this.#name('shipping_address.state', this.#detail(country, 'state'));
    this.#name('shipping_address.region', this.#detail(country, 'state'));
    this.#name('shipping_address.postcode', this.#detail(country, 'postcode'));
  }

  #offer(control: HTMLInputElement | HTMLSelectElement | null, offered: boolean): void {
    if (!control) return;
    control.disabled = !offered;
    show(control.closest<HTMLElement>('.field'), offered);
  }

  #detail(country: string, name: string): string {
    const known = ['AU', 'US', 'CA'].includes(country) ? country : 'any';
    return this.#say(`details.${known}.${name}`);
  }

  #name(name: string, label: string): void {
    const text = this.#root.querySelector(`label[for="${name}"]`)?.firstChild;
    if (text) text.textContent = `${label} `;
  }

  #control<Kind extends HTMLInputElement | HTMLSelectElement>(name: string): Kind | null {
    return this.#root.querySelector<Kind>(`[name="${name}"]`);
  }
}
