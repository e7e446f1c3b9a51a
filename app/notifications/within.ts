/** The text, cut off with an ellipsis where it has more characters than `max`; never within a letter, half of which PostgreSQL refuses. */
export function within(max: number, text: string): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
