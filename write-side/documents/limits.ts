/** Bounds of one reading. Whatever goes beyond is refused as unreadable, by name; nothing is silently cut. */
export interface ReadLimits {
  /** Bytes of the document. */
  readonly bytes: number;
  /** Nested elements. */
  readonly depth: number;
  /** Attributes of one element, namespace declarations included. */
  readonly attributes: number;
  /** Elements of the whole document. */
  readonly elements: number;
  /** Elements that are kept whole because no table names them (complements). */
  readonly captured: number;
  /** Characters of one value that is kept (an attribute or the text of a field); attachments are skipped and not bound by it. */
  readonly text: number;
}

export const READ_LIMITS: ReadLimits = { bytes: 64 * 1024 * 1024, depth: 128, attributes: 256, elements: 2_000_000, captured: 500_000, text: 65_536 };

/** Characters of a root name that an answer repeats. */
export const MAX_ROOT_NAME = 200;
/** Characters of a parser message that an answer repeats. */
export const MAX_REASON = 300;
