/** A text as it may stand in an address: `Crème Brûlée!` → `creme-brulee`. Empty when no letter of it is Latin. */
export function slugOf(text: string): string {
  const letters = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return letters.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}
