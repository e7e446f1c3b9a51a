import type { Context, FilterImplOptions } from 'liquidjs';
import { createTemplates } from '#core/http/liquid.ts';
import { formatMoment, formatMoney } from '#core/values/format.ts';
import type { MailDraft, MailSender } from '../mail.ts';
import { textOn } from '../storefront/store-colours.ts';
import { text, themeTexts, type TextTree } from '../storefront/theme-texts.ts';

/** Languages that all mails are written in; others are read in English. */
export const MAIL_LANGUAGES = ['en', 'de'] as const;

/** Blank lines in a row of a text. */
const BLANK_LINES = /\n[ \t]*(?:\n[ \t]*)+/g;

/** A mail in words. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailRenderer {
  /** Puts a draft into words, in the language of its reader: once, with the parts of HTML and with those of text. */
  render(draft: MailDraft): Letter;
}

/** Reads templates and texts of mails from a folder. */
export function createMailRenderer({ folder }: { folder: string }): MailRenderer {
  const parts = (output: 'html' | 'text') =>
    createTemplates({ folders: [`${folder}/${output}`, folder], filters, cache: true, output });
  const [html, plain] = [parts('html'), parts('text')];
  const texts = new Map(
    MAIL_LANGUAGES.map((language) => [language as string, themeTexts([folder], language)]),
  );
  return {
    render: (draft) => {
      const locale = localeOf(draft);
      const language = textLanguage(locale);
      const page = { sender: draft.sender, locale, texts: texts.get(language) ?? {} } satisfies Page;
      const subject = subjectOf(draft, page);
      const { sender } = draft;
      const globals = { ...page, language, subject, text_on_accent: textOn(sender.accent) };
      const template = draft.mail.replaceAll('_', '-');
      return {
        subject,
        html: html.render(template, draft.content, globals),
        text: `${plain.render(template, draft.content, globals).replaceAll(BLANK_LINES, '\n\n').trim()}\n`,
      };
    },
  };
}

/** What every part of a mail knows, and the filters rely on. */
interface Page {
  readonly sender: MailSender;
  readonly locale: string;
  readonly texts: TextTree;
}

const filters: Record<string, FilterImplOptions> = {
  money: onPage(({ locale }, amount, currency) => formatMoney(Number(amount), String(currency), locale)),
  moment: onPage(({ sender, locale }, at) =>
    formatMoment(new Date(String(at)), { locale, timezone: sender.timezone }, new Date()),
  ),
  t: onPage(({ texts, locale }, name, ...pairs) =>
    text(texts, String(name), {
      locale,
      values: Object.fromEntries(pairs.filter((pair) => Array.isArray(pair)) as [string, string | number][]),
    }),
  ),
};

function onPage(filter: (page: Page, ...input: unknown[]) => unknown) {
  return function inMail(this: { readonly context: Context }, ...input: unknown[]): unknown {
    return filter(this.context.globals as unknown as Page, ...input);
  };
}

/** A reader's wish is a stranger's text: it counts when it is a language that we write in, reduced to language and region. */
function localeOf({ locale, sender }: MailDraft): string {
  const wish = locale === null ? null : parsed(locale);
  if (wish && MAIL_LANGUAGES.some((language) => language === wish.language))
    return wish.region ? `${wish.language}-${wish.region}` : wish.language;
  return parsed(sender.locale)?.toString() ?? 'en';
}

function parsed(locale: string): Intl.Locale | null {
  try {
    return new Intl.Locale(locale);
  } catch {
    return null;
  }
}

function textLanguage(locale: string): string {
  return MAIL_LANGUAGES.find((language) => language === new Intl.Locale(locale).language) ?? 'en';
}

/** One line, whatever a name in it holds. */
function subjectOf({ mail, subject, sender }: MailDraft, { texts, locale }: Page): string {
  const values = { store: sender.name, ...subject };
  return text(texts, `${mail}.subject`, { values, locale }).replaceAll(/\s+/g, ' ').trim();
}
