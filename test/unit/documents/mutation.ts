import type { JudgeContext } from '../../../write-side/documents/index.js';

/** A document in which one thing was changed, and everything that must be found in it. */
export interface Mutation {
  readonly title: string;
  /** The code that the change is about, and those that follow from the same change; no others. */
  readonly codes: readonly string[];
  readonly text: () => string | Uint8Array;
  readonly context?: Partial<JudgeContext>;
}

/** A change of text: what is replaced must be there. */
export type Edit = readonly [from: string | RegExp, to: string];
