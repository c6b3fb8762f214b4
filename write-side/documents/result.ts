import type { Facts, Format } from '#contracts/invoice/facts.js';
import type { IdentityClaim } from '#contracts/invoice/identity.js';
import type { CfdiDocument } from './models/cfdi.js';
import type { EnDocument } from './models/en16931.js';

/** A decoded document: values as written, nothing converted; rules read it. */
export type FiscalDocument = CfdiDocument | EnDocument;

/** Why bytes are no readable XML. */
export const UNREADABLE_CODES = [
  'empty', 'encoding', 'doctype', 'malformed', 'limit-bytes', 'limit-depth', 'limit-attributes', 'limit-elements', 'limit-text',
] as const;
export type UnreadableCode = (typeof UNREADABLE_CODES)[number];

export interface ReadDocument {
  readonly kind: 'document';
  readonly format: Format;
  readonly document: FiscalDocument;
  readonly facts: Facts;
  readonly identity: IdentityClaim;
}

/** Readable so far, but of a kind that Folio does not process; `root` is `local-name version {namespace}`. */
export interface Unsupported {
  readonly kind: 'unsupported';
  readonly root: string;
}

export interface Unreadable {
  readonly kind: 'unreadable';
  readonly code: UnreadableCode;
  readonly reason: string;
}

export type ReadResult = ReadDocument | Unsupported | Unreadable;
