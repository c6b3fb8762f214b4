/** A breach of the syntax binding: which of the table's rules, and where (the line, counted from 0, or -1). */
export interface StructureBreach {
  readonly rule: number;
  readonly line: number;
  /** What was found: an element's path, a count or an attribute's value. */
  readonly found: string;
}

/** What reading saw of the syntax itself, apart from the terms. */
export interface Structure {
  /** In the order of the document, at most 1,000; one per rule outside of lines. */
  readonly breaches: readonly StructureBreach[];
  /** Paths of fields that are there and empty, at most 100. */
  readonly empty: readonly string[];
  /** Dates with their format attribute (CII): those of format 102 that are no day, at most 100. */
  readonly dates: readonly string[];
  /** Amounts that are no terms of the model, at most 100. */
  readonly amounts: readonly string[];
}
