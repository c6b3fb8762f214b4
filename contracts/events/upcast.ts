import type { Envelope } from '../kernel/envelope.js';

type Data = Readonly<Record<string, unknown>>;
type Upcaster = (data: Data) => Data;

/**
 * Steps from one version of a type to the next, keyed `type@from`. An upcaster only adds what the older shape implied;
 * stored events are never rewritten.
 */
const UPCASTERS: Readonly<Record<string, Upcaster>> = {
  // Version 1 named no codec and no compressed size: everything was stored as gzip, and the size of the object was not recorded.
  'fiscal.invoice.archived@1': (data) => ({ compressedSize: 0, ...data, codec: 'gzip' }),
};

export const UPCAST_STEPS = Object.keys(UPCASTERS);

const STEPPED: ReadonlySet<string> = new Set(UPCAST_STEPS.map((step) => step.slice(0, step.lastIndexOf('@'))));

/** Brings an event to the current version of its type; the same object when it is there already. */
export function upcast(event: Envelope): Envelope {
  if (!STEPPED.has(event.type)) return event;
  let current = event;
  for (let step = UPCASTERS[`${current.type}@${current.version}`]; step; step = UPCASTERS[`${current.type}@${current.version}`]) {
    current = { ...current, version: current.version + 1, data: step(current.data as Data) };
  }
  return current;
}
