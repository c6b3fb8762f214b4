/** Resolves when all of it has ended. @throws the first failure in the order of the work, when none of it is under way any more */
export async function allDone(work: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(work);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** The work on each item, side by side or one after another. @throws as `allDone` */
export async function eachDone<Item>(items: readonly Item[], inTurn: boolean, work: (item: Item, place: number) => Promise<unknown>): Promise<void> {
  if (inTurn) for (const [place, item] of items.entries()) await work(item, place);
  else await allDone(items.map(work));
}
