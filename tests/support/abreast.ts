/** Enough to keep the database busy, fewer than it has connections. */
const ABREAST = 8;

/** Does the work for each item, some of them at a time. */
export async function abreast<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = Iterator.from(items);
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: ABREAST }, worker));
}
