import { part, setText, show, type Say } from './markup.ts';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** What is wrong, by field name; names are the paths of the API's checkout request. */
export type FieldErrors = ReadonlyMap<string, string>;

/** The form of the checkout: what was filled in, and what is wrong with it. */
export class CheckoutFields {
  readonly #form: HTMLFormElement;
  readonly #say: Say;

  constructor(form: HTMLFormElement, say: Say) {
    this.#form = form;
    this.#say = say;
  }

  /** The text of a field, trimmed; empty when it is not there or not asked for. */
  value(name: string): string {
    const value = new FormData(this.#form).get(name);
    return typeof value === 'string' ? value.trim() : '';
  }

  /** What is missing or malformed among the fields that are asked for. */
  problems(): FieldErrors {
    const problems = new Map<string, string>();
    for (const control of this.#controls()) {
      const problem = control.type === 'radio' ? null : this.#problemOf(control);
      if (problem) problems.set(control.name, problem);
    }
    return problems;
  }

  /** Shows the errors at their fields and all of them on top, and takes the reader there. */
  showErrors(errors: FieldErrors): void {
    for (const control of this.#controls()) this.#mark(control, errors.get(control.name) ?? null);
    const summary = part(this.#form, 'errors');
    setText(this.#form, 'errors-title', this.#say('errors', { count: errors.size }));
    part(this.#form, 'errors-list')?.replaceChildren(
      ...[...errors].map(([name, text]) => this.#summaryLine(name, text)),
    );
    show(summary, errors.size > 0);
    if (errors.size > 0) summary?.focus();
  }

  /** Takes an error back as soon as its field is right. */
  recheck(control: Control): void {
    if (control.getAttribute('aria-invalid') === 'true' && !this.#problemOf(control))
      this.#mark(control, null);
  }

  /** Everything but hidden choices, to be kept while the tab lives. */
  draft(): Record<string, string> {
    return Object.fromEntries(
      [...new FormData(this.#form)].flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
    );
  }

  restore(draft: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(draft)) {
      const control = this.#form.elements.namedItem(name);
      if (typeof value !== 'string' || control === null) continue;
      if (control instanceof RadioNodeList) control.value = value;
      else if ('value' in control) (control as Control).value = value;
    }
  }

  #problemOf(control: Control): string | null {
    const { valueMissing, typeMismatch, patternMismatch } = control.validity;
    if (valueMissing || (control.required && control.value.trim() === '')) return this.#say('required');
    if (typeMismatch || patternMismatch) return this.#say(control.type === 'email' ? 'email' : 'mobile');
    return null;
  }

  #mark(control: Control, problem: string | null): void {
    control.setAttribute('aria-invalid', String(problem !== null));
    const error = document.getElementById(`${control.type === 'radio' ? control.name : control.id}-error`);
    if (!error) return;
    error.textContent = problem ?? '';
    show(error, problem !== null);
  }

  #summaryLine(name: string, text: string): HTMLElement {
    const item = document.createElement('li');
    const control = this.#controls().find((each) => each.name === name);
    const label = control?.labels?.[0]?.firstChild?.textContent?.trim();
    if (!control || !label || control.type === 'radio') {
      item.textContent = text;
      return item;
    }
    const link = document.createElement('a');
    link.href = `#${control.id}`;
    link.textContent = `${label}: ${text}`;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      control.focus();
    });
    item.append(link);
    return item;
  }

  /** Not those in a fieldset that is not asked for: their own `disabled` does not tell. */
  #controls(): Control[] {
    const controls = [...this.#form.elements] as Control[];
    return controls.filter(
      (control) => control.name !== '' && control.type !== 'hidden' && !control.matches(':disabled'),
    );
  }
}
