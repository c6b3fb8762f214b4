import type { Revision } from '#contracts/kernel/position.js';

/** A document under the id of its stream; `revision` is that of the last event in it and guards against older writes. */
export interface IndexedDocument {
  readonly id: string;
  readonly revision: Revision;
  readonly source: Readonly<Record<string, unknown>>;
}

/** `older`: the index has a greater revision already. `refused`: this document can never be taken (its data), repeating cannot help. */
export type DocumentOutcome = 'written' | 'older' | { readonly refused: string };

/**
 * Documents in indexes of a search engine. At least once and in any order: a document never goes back to an older revision; an equal one is
 * written again. A bulk is no transaction: each document has an outcome of its own. A fault of the engine itself (no answer, 429 that lasts,
 * 5xx) rejects the whole call with Problem `search-unavailable`: nothing is known, the caller repeats.
 */
export interface DocumentIndex {
  /**
   * Makes the index with its explicit mapping; one that is there already with the same mapping is left alone, and one of an earlier mapping that
   * only lacks fields is given them (`write` does so too): its documents stay as they are. @throws Problem search-mapping-foreign
   */
  create(index: string): Promise<void>;
  /** No error when it is not there; one that Folio has not made stays. @throws Problem search-mapping-foreign */
  drop(index: string): Promise<void>;
  /** One outcome per document, in order. Bounded by bytes inside; never waits for a refresh, never makes an index that is not there. */
  write(index: string, documents: readonly IndexedDocument[]): Promise<readonly DocumentOutcome[]>;
  /** As last written, refreshed or not. Ids that are not there are missing from the answer. */
  load(index: string, ids: readonly string[]): Promise<ReadonlyMap<string, IndexedDocument>>;
  /** Everything written before the call can be found when it resolves. */
  refresh(index: string): Promise<void>;
  /** Every document that was written before the first page is asked for, as of one moment: page by page, each once, in any order. */
  scan(index: string): AsyncIterable<readonly IndexedDocument[]>;
}
