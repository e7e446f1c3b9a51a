import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#core/values/domain-error.ts';
import type { StoreConfig } from '../stores/store-queries.ts';
import { originOf } from './store-pages.ts';
import { storeRoot, type Themes } from './theme-renderer.ts';

const OK = 200;
const SEE_OTHER = 303;
const NOT_FOUND = 404;
const CONFLICT = 409;
const UNPROCESSABLE = 422;

/** The forms at the doors of accounts, and what is shown once one was sent. Each has its words under `account` in the themes' texts. */
type State =
  | 'ask'
  | 'asked'
  | 'choose_password'
  | 'password_chosen'
  | 'confirm_account'
  | 'confirm_email'
  | 'confirmed'
  | 'invalid';

/** A form that a link opens. The token stands in the form alone, not in the address that it is sent to. */
interface Form {
  readonly state: Extract<State, 'choose_password' | 'confirm_account' | 'confirm_email'>;
  readonly token: string;
}

/** What was wrong with a form; the themes have a sentence for each. */
type FormError = 'password_short' | 'password_wrong' | 'email_taken';

interface Content {
  readonly state: State;
  readonly token?: string;
  readonly error?: FormError;
}

/** The refusals that are put right in the form itself, and the status of its page. */
const MENDABLE: Readonly<Record<string, { readonly error: FormError; readonly status: number }>> = {
  SIGN_IN_FAILED: { error: 'password_wrong', status: UNPROCESSABLE },
  EMAIL_TAKEN: { error: 'email_taken', status: CONFLICT },
};

export interface AccountVisit {
  readonly store: StoreConfig;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Sends the pages at one address under a store's `/account/`. */
export class AccountPages {
  readonly #themes: Themes;
  readonly #path: string;

  constructor(themes: Themes, path: 'password' | 'confirm') {
    this.#themes = themes;
    this.#path = path;
  }

  show(visit: AccountVisit, state: State): FastifyReply {
    return this.#send(visit, { state }, OK);
  }

  showForm(visit: AccountVisit, form: Form): FastifyReply {
    return this.#send(visit, form, OK);
  }

  showInvalid(visit: AccountVisit): FastifyReply {
    return this.#send(visit, { state: 'invalid' }, NOT_FOUND);
  }

  /** Shows the form with what was wrong in it. */
  showAgain(visit: AccountVisit, form: Form, error: FormError): FastifyReply {
    return this.#send(visit, { ...form, error }, UNPROCESSABLE);
  }

  /** The same for what the shop refused. Throws what cannot be put right here: it has a page of its own. */
  showRefused(visit: AccountVisit, form: Form, refusal: unknown): FastifyReply {
    if (!(refusal instanceof DomainError)) throw refusal;
    if (refusal.code === 'LINK_INVALID') return this.showInvalid(visit);
    const mendable = MENDABLE[refusal.code];
    if (!mendable) throw refusal;
    return this.#send(visit, { ...form, error: mendable.error }, mendable.status);
  }

  /** Leads on after a form, so that to reload the page sends nothing again. */
  goOn({ store, reply }: AccountVisit, done: State): FastifyReply {
    return reply.redirect(`${this.#addressAt(store)}?done=${done}`, SEE_OTHER);
  }

  #send({ store, request, reply }: AccountVisit, content: Content, status: number): FastifyReply {
    const page = this.#themes.render({
      template: 'page.account',
      store,
      origin: originOf(request),
      path: this.#addressAt(store),
      title: { phrase: `account.${content.state}.title` },
      description: store.tagline || store.name,
      indexed: false,
      navigation: [],
      content,
    });
    return (
      reply
        .status(status)
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        // The address may hold a token: it must not leave with a click. The form needs an Origin, which `no-referrer` would take away.
        .header('referrer-policy', 'same-origin')
        .send(page)
    );
  }

  #addressAt({ slug }: StoreConfig): string {
    return `${storeRoot(slug)}/account/${this.#path}`;
  }
}
