import type { Brand } from './brand.js';
import type { Position } from './position.js';

/** `layout/topic/partition`: the unit of order, lease and checkpoint of every projection. */
export type Lane = Brand<string, 'Lane'>;

/** "The view has seen my write": a position in a lane. Written `position.lane`, several joined by a comma. */
export interface Token {
  readonly position: Position;
  readonly lane: Lane;
}

export const writeToken = (tokens: readonly Token[]): string => tokens.map((token) => `${token.position}.${token.lane}`).join(',');

const TOKEN = /^(0|[1-9]\d{0,19})\.([a-z0-9]+\/[a-z0-9-]+\/\d{1,4})$/u;
const MAX_TOKENS = 64;

/** Reads the wire form; undefined when any part of it is malformed or there are more than 64. */
export function readToken(text: string): readonly Token[] | undefined {
  const parts = text.split(',');
  if (parts.length > MAX_TOKENS) return undefined;
  const tokens: Token[] = [];
  for (const part of parts) {
    const match = TOKEN.exec(part.trim());
    if (!match?.[1] || !match[2]) return undefined;
    tokens.push({ position: match[1] as Position, lane: match[2] as Lane });
  }
  return tokens;
}

const LANE = /^[a-z0-9]+\/([a-z0-9-]+)\/(\d{1,4})$/u;

/** Topic and partition of a lane. */
export function placeOfLane(lane: Lane): { readonly topic: string; readonly partition: number } {
  const match = LANE.exec(lane);
  if (!match?.[1] || !match[2]) throw new RangeError(`${lane} is no lane`);
  return { topic: match[1], partition: Number(match[2]) };
}
