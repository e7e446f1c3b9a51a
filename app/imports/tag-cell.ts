/** Tags stand in one cell, with commas between them. One that holds a comma is quoted as a CSV's cells are. */

const TAG = /\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))(?:,|$)/gy;
const QUOTED = /,|^"/;

export function tagsIn(cell: string): string[] {
  const tags = [...cell.matchAll(TAG)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
  return tags.map((tag) => tag.trim()).filter((tag) => tag !== '');
}

export function tagCell(tags: readonly string[]): string {
  return tags.map((tag) => (QUOTED.test(tag) ? `"${tag.replaceAll('"', '""')}"` : tag)).join(', ');
}
