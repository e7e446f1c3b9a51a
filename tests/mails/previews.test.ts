import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { greetingName, MAIL_NAMES } from '#app/mail.ts';
import { createMailRenderer, MAIL_LANGUAGES } from '#app/notifications/mail-renderer.ts';
import { sampleMails } from '#app/notifications/mail-samples.ts';
import { textAt, themeTexts, type TextTree } from '#app/storefront/theme-texts.ts';
import { readConfig } from '#start/config.ts';
import { openPostOffice } from '#start/post-office.ts';

const FOLDER = join(import.meta.dirname, '../../mails');
const renderer = createMailRenderer({ folder: FOLDER });
const files = (folder: string) => readdirSync(join(FOLDER, folder));

function namesIn(tree: TextTree, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'string' || 'other' in value
      ? [prefix + name]
      : namesIn(value as TextTree, `${prefix}${name}.`),
  );
}

function localeFile(language: string): TextTree {
  return JSON.parse(readFileSync(join(FOLDER, `locales/${language}.json`), 'utf8')) as TextTree;
}

describe('the mails', () => {
  it('have each a template, a sample and a preview, and no template is left over', () => {
    expect(files('templates').sort()).toEqual(
      MAIL_NAMES.map((name) => `${name.replaceAll('_', '-')}.liquid`).sort(),
    );
    expect(Object.keys(sampleMails).sort()).toEqual([...MAIL_NAMES].sort());
    for (const name of MAIL_NAMES) expect(sampleMails[name].mail).toBe(name);
  });

  it('have the same parts for HTML and for text', () => {
    const onlyWithinParts = 'order-sum.liquid';
    expect(files('html/snippets').filter((name) => name !== onlyWithinParts)).toEqual(files('text/snippets'));
  });

  it('are whole in each language', () => {
    const english = namesIn(localeFile('en'));
    for (const language of MAIL_LANGUAGES) expect(namesIn(localeFile(language)), language).toEqual(english);
  });

  it('say nothing that has no words, and have no words that nothing says', () => {
    const sources = ['templates', 'html/snippets', 'html/layout', 'text/snippets', 'text/layout'].flatMap(
      (folder) => files(folder).map((name) => readFileSync(join(FOLDER, folder, name), 'utf8')),
    );
    const said = new Set(
      sources.flatMap((text) => [...text.matchAll(/'([\w.]+)' \| t\b/g)].map(([, name = '']) => name)),
    );
    const texts = themeTexts([FOLDER], 'en');
    for (const name of said) expect(() => textAt(texts, name)).not.toThrow();
    const subjects = new Set<string>(MAIL_NAMES.map((name) => `${name}.subject`));
    expect(namesIn(localeFile('en')).filter((name) => !said.has(name) && !subjects.has(name))).toEqual([]);
  });
});

describe.each(MAIL_NAMES)('%s', (name) => {
  it.each(MAIL_LANGUAGES)('is whole in %s, as HTML that fetches nothing and as text', (language) => {
    const { subject, html, text } = renderer.render({ ...sampleMails[name], locale: language });
    expect(subject).toContain('Wren Coffee');
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain(`<title>${subject.replaceAll('&', '&amp;')}</title>`);
    expect(html.match(/<h1\b/g)).toHaveLength(1);
    expect(html).not.toMatch(/<(img|script|link|iframe)\b|url\(|@import|\{\{|\{%/);
    expect(text).not.toMatch(/<\w|&\w+;|\{\{|\{%|undefined|\n\n\n/);
    for (const link of html.matchAll(/href="([^"]+)"/g)) expect(text).toContain(link[1]);
  });
});

describe('what strangers wrote', () => {
  const evil = '<img src=x onerror=alert(1)>';
  const sample = sampleMails.order_placed;

  it('stays text in HTML', () => {
    const { html } = renderer.render({ ...sample, content: { ...sample.content, first_name: evil } });
    expect(html).toContain('&lt;img src=x');
    expect(html).not.toContain(evil);
  });

  it('is no name to greet with when it would become a link', () => {
    for (const name of ['https://evil.example', 'evil.example', 'a@evil.example', 'Win at evil.example/x'])
      expect(greetingName(name), name).toBe('');
    for (const name of ['Ada', 'J. R.', 'Zoë-Marie', 'Øystein Jr.']) expect(greetingName(name)).toBe(name);
  });

  it.each(['en-US-US', 'xx', 'de_DE', '../../etc', 'fr-CA'])(
    'is no locale that stops a mail: %s',
    (locale) => {
      expect(renderer.render({ ...sample, locale }).subject).toBe('Wren Coffee: we have your order #1001');
    },
  );
});

describe('a mail in the language of its reader', () => {
  it('writes amounts as people there do', () => {
    const { text } = renderer.render({ ...sampleMails.order_placed, locale: 'de-AT' });
    expect(text).toContain('Vielen Dank für Ihre Bestellung');
    expect(text.replaceAll(/\s/g, ' ')).toContain('19,10');
  });

  it('is in English where the store’s language has no texts', () => {
    const sample = sampleMails.order_placed;
    const { subject } = renderer.render({
      ...sample,
      locale: null,
      sender: { ...sample.sender, locale: 'fr-FR' },
    });
    expect(subject).toBe('Wren Coffee: we have your order #1001');
  });
});

const open = (env: Record<string, string>) => openPostOffice(readConfig(env), 'secret');

describe('without a mail server', () => {
  it('mails go to the dev mailbox in development', () => {
    const { post, routes } = open({});
    expect(post.mailer).not.toBeNull();
    expect(routes.map(({ path }) => path)).toContain('/dev/mails');
  });

  it('no mail is sent in production, and there is no dev mailbox', () => {
    expect(open({ NODE_ENV: 'production' })).toMatchObject({ post: { mailer: null }, routes: [] });
  });
});
