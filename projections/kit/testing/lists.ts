import { EVENT_DEFINITIONS } from '#contracts/events/index.js';
import { topicOf } from '#contracts/topics.js';
import type { ProjectedRow, Projection } from '../projection.js';
import { refuse } from './refusal.js';

/**
 * Every event type of the projection's topics is handled or ignored, exactly once, and no other: who adds an event type has to say of each
 * projection what becomes of it.
 * @throws AssertionError that names the types
 */
export function checkLists<Row extends ProjectedRow>({ name, topics, handles, ignores }: Projection<Row>): void {
  const known = new Set(EVENT_DEFINITIONS.map(({ type }) => type).filter((type) => topics.some((topic) => topic === topicOf(type))));
  const listed = [...handles, ...ignores];
  const missing = [...known].filter((type) => !listed.includes(type));
  if (missing.length > 0) refuse(`${name} neither handles nor ignores: ${missing.join(', ')}`);
  const foreign = listed.filter((type) => !known.has(type));
  if (foreign.length > 0) refuse(`${name} lists types that no topic of its has: ${foreign.join(', ')}`);
  const twice = listed.filter((type, place) => listed.indexOf(type) !== place);
  if (twice.length > 0) refuse(`${name} lists twice: ${twice.join(', ')}`);
}
