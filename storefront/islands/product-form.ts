import { CART_LINES_MAX, cartOfPage, type CartItem } from './cart.ts';
import { debounced, pageData, part, phraseBook, setText, show, type Say } from './markup.ts';
import './number-stepper.ts';
import type { NumberStepper } from './number-stepper.ts';
import {
  choiceNames,
  countIn,
  groupProblem,
  settleOptions,
  unitCents,
  valuesLeft,
  variantFor,
  type Chosen,
  type Group,
  type Offer,
  type Variant,
} from './selection.ts';
import { money } from './shop.ts';

const ANNOUNCE_QUIET_MS = 700;

/** Options, choices, quantity and the button that puts them into the cart. */
class ProductForm extends HTMLElement {
  #offer!: Offer;
  #say!: Say;
  #pictured: string | undefined;
  readonly #announcePrice = debounced(() => this.#announce(), ANNOUNCE_QUIET_MS);

  connectedCallback(): void {
    this.#offer = pageData<Offer>(this, 'offer');
    this.#say = phraseBook(this);
    const form = this.querySelector('form');
    form?.addEventListener('change', () => this.#onChange());
    form?.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#add();
    });
    this.#refresh();
  }

  #onChange(): void {
    show(this.querySelector('[data-added]'), false);
    this.#refresh();
    for (const group of this.#offer.customization_groups) {
      if (!groupProblem(group, this.#chosen())) this.#showProblem(group, null);
    }
    this.#announcePrice();
  }

  #refresh(): void {
    this.#settleOptions();
    for (const group of this.#offer.customization_groups) this.#holdGroup(group);
    const variant = this.#variant();
    const button = this.querySelector<HTMLButtonElement>('[type="submit"]');
    if (button) button.disabled = !variant?.available;
    if (!variant) return;
    const label = this.querySelector('[data-add-label]');
    if (label) label.textContent = this.#say(variant.available ? 'add' : 'sold_out');
    this.#showPrice(variant);
    this.#showPicture(variant);
  }

  /** Values that are sold out with what is chosen before them cannot be chosen. */
  #settleOptions(): void {
    const settled = settleOptions(this.#offer, this.#options());
    for (const [at, value] of settled.entries()) {
      const left = valuesLeft(this.#offer, settled, at);
      for (const input of this.#inputs(`option-${at}`)) {
        input.disabled = !left.has(input.value);
        input.checked = input.value === value;
      }
    }
  }

  /** When a group is full, what is not chosen rests until something is given back. */
  #holdGroup(group: Group): void {
    const room = group.max_select - countIn(group, this.#chosen());
    for (const input of this.#inputs(`group-${group.id}`)) {
      if (input.type === 'checkbox') input.disabled = room <= 0 && !input.checked;
    }
    for (const { id, max_quantity } of group.choices) {
      const stepper = this.#stepper(id);
      if (stepper) stepper.max = Math.min(max_quantity, stepper.value + Math.max(0, room));
    }
  }

  #showPrice(variant: Variant): void {
    const unit = unitCents(this.#offer, variant, this.#chosen());
    const total = this.querySelector('[data-total]');
    if (total) total.textContent = money(unit * this.#quantity());
    const price = this.closest('.product')?.querySelector('[data-live-price]');
    if (!price) return;
    show(part(price, 'from'), false);
    setText(price, 'now', money(unit));
    const before = (variant.compare_at_cents ?? 0) + unit - variant.price_cents;
    setText(price, 'before', money(before));
    show(price.querySelector('s'), before > unit);
  }

  /** Only when another variant was chosen: customers look through the pictures on their own. */
  #showPicture({ id, image }: Variant): void {
    if (id === this.#pictured) return;
    this.#pictured = id;
    const gallery = document.querySelector('[data-gallery]');
    const item = image === null ? undefined : gallery?.children[image];
    if (item instanceof HTMLElement) gallery?.parentElement?.scrollTo({ left: item.offsetLeft });
  }

  #add(): void {
    const variant = this.#variant();
    if (!variant?.available || !this.#isComplete()) return;
    const added = cartOfPage().add(this.#item(variant));
    const { name } = this.#offer;
    this.#tell(added ? this.#say('added', { name }) : this.#say('full', { max: CART_LINES_MAX }));
    show(this.querySelector('[data-added]'), added);
  }

  #isComplete(): boolean {
    const chosen = this.#chosen();
    const wrong = this.#offer.customization_groups.filter((group) => {
      const problem = groupProblem(group, chosen);
      this.#showProblem(group, problem && this.#problemText(group, problem));
      return problem !== null;
    });
    const [first] = wrong;
    if (first) this.#fieldset(first)?.querySelector<HTMLElement>('input:not(:disabled)')?.focus();
    return wrong.length === 0;
  }

  #problemText({ min_select, max_select }: Group, problem: string): string {
    return this.#say(problem, { count: problem === 'too_many' ? max_select : min_select });
  }

  #showProblem(group: Group, text: string | null): void {
    const fieldset = this.#fieldset(group);
    const error = fieldset?.querySelector<HTMLElement>('[data-error]') ?? null;
    fieldset?.toggleAttribute('data-invalid', text !== null);
    if (error) error.textContent = text ?? '';
    show(error, text !== null);
  }

  #item(variant: Variant): CartItem {
    const { slug, name, images } = this.#offer;
    const chosen = this.#chosen();
    return {
      variant_id: variant.id,
      quantity: this.#quantity(),
      customizations: chosen,
      shown: {
        slug,
        name,
        variant: variant.title,
        choices: choiceNames(this.#offer, chosen),
        unit_cents: unitCents(this.#offer, variant, chosen),
        image: images[variant.image ?? 0]?.url ?? null,
      },
    };
  }

  #announce(): void {
    const variant = this.#variant();
    if (!variant) return;
    const total = unitCents(this.#offer, variant, this.#chosen()) * this.#quantity();
    this.#tell(this.#say('price', { total: money(total) }));
  }

  #tell(text: string): void {
    const status = this.querySelector('[data-status]');
    if (status) status.textContent = text;
  }

  #variant(): Variant | undefined {
    return variantFor(this.#offer, this.#options());
  }

  #options(): string[] {
    return this.#offer.options.map(
      (_, at) => this.#inputs(`option-${at}`).find(({ checked }) => checked)?.value ?? '',
    );
  }

  #chosen(): Chosen[] {
    return this.#offer.customization_groups.flatMap((group) => {
      const marked = this.#inputs(`group-${group.id}`).filter(
        ({ checked, value }) => checked && value !== '',
      );
      const counted = group.choices.map(({ id }) => ({
        choice_id: id,
        quantity: this.#stepper(id)?.value ?? 0,
      }));
      const once = marked.map(({ value }) => ({ choice_id: value, quantity: 1 }));
      return [...once, ...counted.filter(({ quantity }) => quantity > 0)];
    });
  }

  #quantity(): number {
    return this.#stepper('quantity')?.value ?? 1;
  }

  #inputs(name: string): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>(`input[name="${CSS.escape(name)}"]`)];
  }

  #stepper(name: string): NumberStepper | null {
    return this.#inputs(name)[0]?.closest<NumberStepper>('number-stepper') ?? null;
  }

  #fieldset({ id }: Group): HTMLElement | null {
    return this.querySelector(`[data-group="${CSS.escape(id)}"]`);
  }
}

customElements.define('product-form', ProductForm);
