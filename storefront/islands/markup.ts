import { fillPhrase } from '#core/values/format.ts';
import type { Phrase } from '#core/values/format.ts';
import { shopOfPage } from './shop.ts';

/*
 * Themes own the markup: islands find the elements that a theme marked with `data-part`, fill them and show or hide them. A part that a
 * theme leaves out is simply not filled.
 */

/** The element that the theme marked as this part. */
export function part<Kind extends HTMLElement = HTMLElement>(root: ParentNode, name: string): Kind | null {
  return root.querySelector<Kind>(`[data-part="${name}"]`);
}

export function setText(root: ParentNode, name: string, text: string): void {
  const element = part(root, name);
  if (element) element.textContent = text;
}

export function show(element: HTMLElement | null, visible: boolean): void {
  if (element) element.hidden = !visible;
}

/** A new copy of the first element in the theme's `<template data-part="name">`. */
export function fromTemplate(root: ParentNode, name: string): HTMLElement {
  const template = root.querySelector<HTMLTemplateElement>(`template[data-part="${name}"]`);
  const original = template?.content.firstElementChild;
  if (!(original instanceof HTMLElement)) {
    throw new Error(`expected <template data-part="${name}"> with an element`);
  }
  // Imported, not cloned: custom elements come to life only in the page's own document.
  return document.importNode(original, true);
}

/** What the page carries for an island in `<script type="application/json" data-…>`. */
export function pageData<Data>(root: ParentNode, name: string): Data {
  const block = root.querySelector(`script[data-${name}]`);
  return JSON.parse(block?.textContent ?? 'null') as Data;
}

export type Say = (name: string, values?: Readonly<Record<string, string | number>>) => string;

/** The island's words, from the theme's locale. An unknown name is said as it is, so that it is seen. */
export function phraseBook(root: ParentNode): Say {
  const phrases = pageData<Record<string, unknown>>(root, 'texts');
  const { locale } = shopOfPage();
  return (name, values = {}) => {
    let phrase: unknown = phrases;
    for (const key of name.split('.')) phrase = (phrase as Record<string, unknown> | undefined)?.[key];
    return phrase === undefined ? name : fillPhrase(phrase as Phrase, values, locale);
  };
}

/** Runs `work` once things have been quiet for a while. */
export function debounced(work: () => void, quietMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, quietMs);
  };
}
