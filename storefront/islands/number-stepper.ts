/** A number with a button on either side. Fires `change` from its input, as if typed. */
export class NumberStepper extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-step]');
      if (button) this.#step(Number(button.dataset['step']));
    });
    this.input?.addEventListener('change', () => this.#settle());
    this.refresh();
  }

  get input(): HTMLInputElement | null {
    return this.querySelector('input');
  }

  get value(): number {
    return Number(this.input?.value ?? 0);
  }

  set value(value: number) {
    if (this.input) this.input.value = String(value);
    this.refresh();
  }

  set max(max: number) {
    if (this.input) this.input.max = String(max);
    this.refresh();
  }

  /** Switches off the button that leads nowhere. */
  refresh(): void {
    const { input } = this;
    for (const button of this.querySelectorAll<HTMLButtonElement>('[data-step]')) {
      const limit = button.dataset['step'] === '1' ? input?.max : input?.min;
      button.disabled = input?.value === limit;
    }
  }

  #step(by: number): void {
    if (!this.input) return;
    this.input.value = String(this.value + by);
    this.input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  #settle(): void {
    const { input } = this;
    if (!input) return;
    const [min, max] = [Number(input.min), Number(input.max)];
    input.value = String(Math.min(max, Math.max(min, Math.round(Number(input.value)) || min)));
    this.refresh();
  }
}

customElements.define('number-stepper', NumberStepper);
