import type { Position, Revision } from '../kernel/position.js';

/** What every command answers; `position` goes into the token. */
export interface CommandOutcome {
  readonly id: string;
  readonly revision: Revision;
  readonly position: Position;
}
