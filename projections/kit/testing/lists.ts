import assert from 'node:assert';
import { EVENT_DEFINITIONS } from '#contracts/events/index.js';
import { topicOf } from '#contracts/topics.js';
import type { ProjectedRow, Projection } from '../projection.js';

/**
 * Every event type of the projection's topics is handled or ignored, exactly once, and no other: who adds an event type has to say of each
 * projection what becomes of it.
 * @throws AssertionError that names the types
 */
export function checkLists<Row extends ProjectedRow>({ name, topics, handles, ignores }: Projection<Row>): void {
  const known = new Set(EVENT_DEFINITIONS.map(({ type }) => type).filter((type) => topics.some((topic) => topic === topicOf(type))));
  const listed = [...handles, ...ignores];
  const none: readonly string[] = [];
  assert.deepStrictEqual([...known].filter((type) => !listed.includes(type)), none, `${name} neither handles nor ignores: ${[...known].filter((type) => !listed.includes(type)).join(', ')}`);
  assert.deepStrictEqual(listed.filter((type) => !known.has(type)), none, `${name} lists types that no topic of its has: ${listed.filter((type) => !known.has(type)).join(', ')}`);
  const twice = listed.filter((type, place) => listed.indexOf(type) !== place);
  assert.deepStrictEqual(twice, none, `${name} lists twice: ${twice.join(', ')}`);
}
