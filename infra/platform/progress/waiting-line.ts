import type { Token } from '#contracts/kernel/lane.js';
import { comparePositions, ORIGIN, type Position } from '#contracts/kernel/position.js';

/** One who waits for tokens: stands in the line of one lane at a time, that of the first token which is not reached. */
export class Waiter {
  /** Of the token that it stands in line for; changed only between two lines. */
  place = 0;
  limit: NodeJS.Timeout | undefined;
  /** Links of the line: the first of those behind it, the next among its kind, and whoever leads to it. */
  child: Waiter | undefined;
  next: Waiter | undefined;
  before: Waiter | undefined;

  constructor(readonly tokens: readonly Token[], readonly resolve: () => void) {}

  get awaited(): Position {
    return this.tokens[this.place]?.position ?? ORIGIN;
  }
}

/**
 * Those who wait for one lane, the lowest position first: a pairing heap. To join costs one comparison, and looking whether anybody is to be
 * woken another, however many wait. It is linked on purpose: one that leaves is taken out of every link, where an array that grew and
 * shrank with the load would leave dead copies of itself that keep requests alive until the next full collection.
 */
export class WaitingLine {
  #first: Waiter | undefined;

  /** The one with the lowest position. */
  get first(): Waiter | undefined {
    return this.#first;
  }

  /** @param waiter stands in no line */
  join(waiter: Waiter): void {
    this.#first = this.#first ? merge(this.#first, waiter) : waiter;
  }

  /** @param waiter stands in this line */
  leave(waiter: Waiter): void {
    const rest = mergeAll(waiter.child);
    waiter.child = undefined;
    if (waiter === this.#first) this.#first = rest;
    else {
      unlink(waiter);
      if (rest && this.#first) this.#first = merge(this.#first, rest);
    }
  }
}

/** Both without kin: the later one goes behind the earlier one. */
function merge(left: Waiter, right: Waiter): Waiter {
  const [lead, behind] = comparePositions(left.awaited, right.awaited) <= 0 ? [left, right] : [right, left];
  behind.before = lead;
  behind.next = lead.child;
  if (lead.child) lead.child.before = behind;
  lead.child = behind;
  return lead;
}

function unlink(waiter: Waiter): void {
  const { before, next } = waiter;
  if (before?.child === waiter) before.child = next;
  else if (before) before.next = next;
  if (next) next.before = before;
  alone(waiter);
}

/** One heap of many kin: in pairs from the left, then the pairs from the right, which keeps leaving cheap (logarithmic over time). */
function mergeAll(first: Waiter | undefined): Waiter | undefined {
  let pairs: Waiter | undefined;
  for (let left = first; left; ) {
    const right: Waiter | undefined = left.next;
    const after: Waiter | undefined = right?.next;
    const pair: Waiter = right ? merge(alone(left), alone(right)) : alone(left);
    pair.next = pairs;
    pairs = pair;
    left = after;
  }
  let whole: Waiter | undefined;
  for (let pair = pairs; pair; ) {
    const after: Waiter | undefined = pair.next;
    whole = whole ? merge(whole, alone(pair)) : alone(pair);
    pair = after;
  }
  return whole;
}

function alone(waiter: Waiter): Waiter {
  waiter.next = undefined;
  waiter.before = undefined;
  return waiter;
}
