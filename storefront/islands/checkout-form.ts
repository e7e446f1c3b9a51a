import { placeOrder, priceCart, type Checkout, type Price, type PriceRequest, type Problem } from './api.ts';
import { cartLine, cartOfPage, totalsOf } from './cart.ts';
import { Attempts, type Outcome } from './checkout-attempt.ts';
import { CheckoutFields, type FieldErrors } from './checkout-fields.ts';
import { CheckoutShipping } from './checkout-shipping.ts';
import { CheckoutSummary } from './checkout-summary.ts';
import { debounced, part, phraseBook, setText, show, type Say } from './markup.ts';
import { lineOf, lineProblem } from './priced-cart.ts';
import { money, shopOfPage } from './shop.ts';

const TYPING_QUIET_MS = 500;
const SECOND_MS = 1_000;
const MINUTE_S = 60;
const TOO_MANY_REQUESTS = 429;
const DESTINATION_FIELDS = new Set(
  ['country', 'state', 'region', 'postcode'].map((name) => `shipping_address.${name}`),
);

/** The checkout: one page, the total always in sight, and one order however often the button is pressed. */
class CheckoutForm extends HTMLElement {
  readonly #cart = cartOfPage();
  readonly #draftName = `storeflow.draft.${shopOfPage().slug}`;
  readonly #quoteSoon = debounced(() => void this.#quote(), TYPING_QUIET_MS);
  #say!: Say;
  #form!: HTMLFormElement;
  #fields!: CheckoutFields;
  #shipping!: CheckoutShipping;
  #summary!: CheckoutSummary;
  #attempts!: Attempts;
  #price: Price | null = null;
  #pricing: AbortController | undefined;
  #busy = false;

  connectedCallback(): void {
    const form = part<HTMLFormElement>(this, 'form');
    if (!form) throw new Error('expected a form marked data-part="form" in <checkout-form>');
    this.#form = form;
    this.#say = phraseBook(this);
    this.#fields = new CheckoutFields(form, this.#say);
    this.#shipping = new CheckoutShipping(this, this.#fields, this.#say);
    this.#summary = new CheckoutSummary(this);
    this.#attempts = new Attempts({
      send: placeOrder,
      wait: (seconds, asked) => this.#wait(seconds, asked),
      storage: sessionStorage,
      slug: shopOfPage().slug,
    });
    this.#listen();
    this.#restoreDraft();
    this.#showCart();
    this.#onFulfilment();
    if (this.#attempts.pending) void this.#resume();
  }

  #listen(): void {
    this.#form.addEventListener('input', (event) => this.#onInput(event));
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.#cart.onChange(() => {
      if (this.#busy) return;
      this.#showCart();
      void this.#quote();
    });
    // Back from the order's page: this one still believes that it is sending.
    addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
  }

  #onInput({ target }: Event): void {
    const control = target as HTMLInputElement;
    this.#fields.recheck(control);
    sessionStorage.setItem(this.#draftName, JSON.stringify(this.#fields.draft()));
    if (control.name === 'fulfilment_type') this.#onFulfilment();
    else if (control.name === 'shipping_method_id') void this.#reprice();
    else if (DESTINATION_FIELDS.has(control.name)) this.#quoteSoon();
  }

  #restoreDraft(): void {
    try {
      const draft = JSON.parse(sessionStorage.getItem(this.#draftName) ?? '{}') as Record<string, unknown>;
      this.#fields.restore(draft);
      this.#shipping.ask(this.#ships);
      this.#fields.restore(draft);
    } catch {
      sessionStorage.removeItem(this.#draftName);
    }
  }

  #showCart(): void {
    const items = this.#cart.items();
    show(part(this, 'empty'), items.length === 0);
    show(part(this, 'filled'), items.length > 0);
    this.#summary.showCart(items);
  }

  get #ships(): boolean {
    return this.#fields.value('fulfilment_type') === 'shipping';
  }

  #onFulfilment(): void {
    this.#shipping.ask(this.#ships);
    show(part(this, 'pickup'), !this.#ships);
    const atPickup = this.#form.querySelector<HTMLInputElement>('[value="pay_at_pickup"]');
    const transfer = this.#form.querySelector<HTMLInputElement>('[value="manual"]');
    if (atPickup && transfer) {
      atPickup.disabled = this.#ships;
      show(atPickup.closest<HTMLElement>('.option-card'), !this.#ships);
      if (this.#ships) transfer.checked = true;
    }
    void this.#quote();
  }

  async #quote(): Promise<void> {
    if (this.#ships) await this.#shipping.quote(this.#cart.items());
    await this.#reprice();
  }

  /** The server's price for what the form says now. */
  async #reprice(): Promise<void> {
    this.#pricing?.abort();
    const items = this.#cart.items();
    if (items.length === 0) return;
    const pricing = (this.#pricing = new AbortController());
    try {
      this.#showPrice(await priceCart(this.#priceRequest(), pricing.signal));
    } catch {
      // The sum that the cart remembers stays in sight; placing the order checks it.
      if (!pricing.signal.aborted) this.#price = null;
    }
  }

  #priceRequest(): PriceRequest {
    const { destination, methodId, isQuoted } = this.#shipping;
    const knowsShipping = this.#ships && destination && methodId && isQuoted;
    return {
      items: this.#cart.items().map(cartLine),
      fulfilment_type: this.#ships ? 'shipping' : 'pickup',
      ...(knowsShipping && { shipping: { ...destination, method_id: methodId } }),
    };
  }

  #showPrice(price: Price): void {
    this.#price = price;
    const known = !this.#ships || this.#shipping.isQuoted;
    this.#summary.showPrice(
      price,
      this.#ships ? (known ? money(price.totals.shipping_cents) : this.#say('not_known')) : null,
    );
    setText(this, 'submit-total', known ? money(price.totals.total_cents) : '');
  }

  async #submit(): Promise<void> {
    if (this.#busy || this.#cart.items().length === 0) return;
    const problems = new Map(this.#fields.problems());
    const { methodId, destination, isQuoted, trouble } = this.#shipping;
    if (this.#ships && destination && !(methodId && isQuoted)) {
      problems.set('shipping_method_id', trouble || this.#say('choose_method'));
    }
    this.#fields.showErrors(problems);
    if (problems.size === 0) await this.#place(this.#order());
  }

  async #resume(): Promise<void> {
    const pending = this.#attempts.pending;
    if (!pending) return;
    this.#state(this.#say('resuming'));
    await this.#place(pending.body);
  }

  async #place(order: Checkout): Promise<void> {
    this.#setBusy(true);
    show(part(this, 'price-changed'), false);
    try {
      this.#conclude(await this.#attempts.place(order));
    } catch (error) {
      this.#setBusy(false);
      throw error;
    }
  }

  #conclude(outcome: Outcome): void {
    if (outcome.kind === 'placed') {
      sessionStorage.removeItem(this.#draftName);
      this.#cart.clear();
      location.assign(outcome.order.tracking_url);
      return;
    }
    this.#setBusy(false);
    if (outcome.kind === 'refused') this.#explain(outcome.problem, outcome.retryAfterS);
    else {
      this.#state(this.#say('uncertain'));
      setText(this, 'submit-label', this.#say('try_again'));
    }
  }

  #explain(problem: Problem, retryAfterS: number | null): void {
    this.#state('');
    if (problem.code === 'PRICE_CHANGED' && problem.quote) return this.#askAgain(problem.quote);
    if (problem.status === TOO_MANY_REQUESTS) {
      return this.#state(this.#say('too_many', { count: Math.ceil((retryAfterS ?? MINUTE_S) / MINUTE_S) }));
    }
    const line = lineOf(problem);
    if (line !== null) this.#summary.showProblem(line, lineProblem(problem, this.#say));
    this.#fields.showErrors(this.#errorsOf(problem, line));
  }

  #errorsOf(problem: Problem, line: number | null): FieldErrors {
    if (line !== null) return new Map([['items', this.#say('cart_changed')]]);
    const errors = Object.entries(problem.errors ?? {});
    if (errors.length > 0)
      return new Map(errors.map(([field, texts]) => [field, this.#fieldText(field, texts)]));
    return new Map([['', this.#say('failed', { detail: problem.detail })]]);
  }

  /** In the theme's words where it has some, else in the server's. */
  #fieldText(field: string, [text = '']: readonly string[]): string {
    if (field === 'contact.email') return this.#say('email');
    if (field === 'contact.mobile') return this.#say('mobile');
    return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
  }

  #askAgain(quote: Price): void {
    const before = this.#expectedCents();
    this.#showPrice(quote);
    const now = quote.totals.total_cents;
    setText(
      this,
      'price-changed-text',
      this.#say('price_changed', { before: money(before), now: money(now) }),
    );
    show(part(this, 'price-changed'), true);
    setText(this, 'submit-label', this.#say('place_anyway'));
  }

  #order(): Checkout {
    const value = (name: string) => this.#fields.value(name);
    const optional = (name: string) => value(name) || null;
    return {
      fulfilment_type: this.#ships ? 'shipping' : 'pickup',
      contact: {
        first_name: value('contact.first_name'),
        last_name: optional('contact.last_name'),
        email: optional('contact.email'),
        mobile: optional('contact.mobile'),
      },
      ...(this.#ships &&
        this.#shipping.destination && {
          shipping_method_id: this.#shipping.methodId,
          shipping_address: {
            ...this.#shipping.destination,
            city: value('shipping_address.city'),
            line1: value('shipping_address.line1'),
            line2: optional('shipping_address.line2'),
          },
        }),
      items: this.#cart.items().map(cartLine),
      expected_total_cents: this.#expectedCents(),
      notes: optional('notes'),
      locale: shopOfPage().locale,
      payment: { method: value('payment.method') === 'pay_at_pickup' ? 'pay_at_pickup' : 'manual' },
    };
  }

  /** The total that the customer sees. */
  #expectedCents(): number {
    return this.#price?.totals.total_cents ?? totalsOf(this.#cart.items()).cents;
  }

  async #wait(seconds: number, asked: boolean): Promise<void> {
    const count = Math.ceil(seconds);
    this.#state(asked ? this.#say('busy', { count }) : this.#say('retrying'));
    await new Promise((resolve) => setTimeout(resolve, seconds * SECOND_MS));
  }

  #setBusy(busy: boolean): void {
    this.#busy = busy;
    const button = part<HTMLButtonElement>(this, 'submit');
    button?.setAttribute('aria-disabled', String(busy));
    setText(this, 'submit-label', this.#say(busy ? 'placing' : 'place'));
  }

  #state(text: string): void {
    setText(this, 'state', text);
  }
}

customElements.define('checkout-form', CheckoutForm);
