/** The text, cut off with an ellipsis where it has more characters than `max`. */
export function within(max: number, text: string): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
