/** A pattern for LIKE that finds a text anywhere, with nothing in it understood as a wildcard. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
