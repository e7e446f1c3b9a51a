import { debounced } from './markup.ts';

const TYPING_QUIET_MS = 250;

/** Looks as one types: fetches the search page and takes over its results. Without it the form works as any form. */
class LiveSearch extends HTMLElement {
  #asking: AbortController | undefined;

  connectedCallback(): void {
    const form = this.querySelector('form');
    form?.addEventListener(
      'input',
      debounced(() => void this.#look(form), TYPING_QUIET_MS),
    );
  }

  async #look(form: HTMLFormElement): Promise<void> {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const terms = String(new FormData(form).get('q') ?? '').trim();
    const url = `${form.action}?${new URLSearchParams({ q: terms }).toString()}`;
    try {
      const response = await fetch(url, { signal: asking.signal });
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const [results, count] = [page.querySelector('[data-results]'), page.querySelector('[data-found]')];
      if (!response.ok || !results) return;
      this.querySelector('[data-results]')?.replaceWith(results);
      const said = this.querySelector('[data-found]');
      if (said) said.textContent = count?.textContent ?? '';
      history.replaceState(null, '', url);
    } catch {
      // Overtaken by the next letter, or no network: what was found before stays, and the form can still be sent.
    }
  }
}

customElements.define('live-search', LiveSearch);
