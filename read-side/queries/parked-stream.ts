import type { StreamId } from '#contracts/kernel/ids.js';
import { toPosition, type Position } from '#contracts/kernel/position.js';
import type { ReadView } from '../view.js';

const PARKED = 'SELECT position::text FROM quarantine WHERE projection = $1 AND generation = $2 AND stream = $3';

/** Position of the event at which the projection has parked the stream: its row has what came before, and nothing of what came after. */
export async function parkedAt(view: ReadView, projection: string, stream: StreamId): Promise<Position | undefined> {
  const [position] = (await view.first(PARKED, [projection, view.generationOf(projection), stream])) ?? [];
  return typeof position === 'string' ? toPosition(position) : undefined;
}
