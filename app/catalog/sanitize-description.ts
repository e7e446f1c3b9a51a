import sanitizeHtml from 'sanitize-html';

/** What of a description's HTML is kept; everything else is dropped, its text stays. Written once, shown as it is ever after. */
const RULES: sanitizeHtml.IOptions = {
  allowedTags: ['p', 'br', 'strong', 'em', 'ul', 'ol', 'li', 'h2', 'h3', 'h4', 'a'],
  allowedAttributes: { a: ['href', 'rel'] },
  transformTags: { b: 'strong', i: 'em', h1: 'h2', h5: 'h4', h6: 'h4', a: outwardLink },
  exclusiveFilter: ({ tag, text }) => tag === 'p' && text.trim() === '',
};

const OUTWARD = /^(https?|mailto):/i;
/** Ends of blocks that are dropped; a space takes their place, so that their words do not run into each other. */
const BLOCK_END = /<\/(div|table|caption|tr|th|td)>/gi;

/** The harmless part of the HTML that came with a product. */
export function sanitizeDescription(html: string): string {
  return sanitizeHtml(html.replaceAll(BLOCK_END, '$& '), RULES).trim();
}

/** A link that leads nowhere outside loses its address and stays text. */
function outwardLink(tagName: string, { href = '' }: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  return { tagName, attribs: OUTWARD.test(href) ? { href, rel: 'nofollow' } : {} };
}
