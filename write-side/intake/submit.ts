import { problem } from '#contracts/errors.js';
import type { Claim, FileReference } from '#contracts/events/invoice.js';
import type { Channel } from '#contracts/commands/invoice.js';
import type { Facts } from '#contracts/invoice/facts.js';
import { identityKey, invoiceIdOf, type IdentityClaim } from '#contracts/invoice/identity.js';
import { toStreamId, type InvoiceId, type Sha256, type StreamId } from '#contracts/kernel/ids.js';
import { NO_MONTH, type Routing } from '#contracts/kernel/envelope.js';
import type { Position, Revision } from '#contracts/kernel/position.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import { handleCommand, type CommandContext, type Handled } from '../handle-command.js';
import { invoiceDecider } from '../invoice/decide.js';
import type { InvoiceState } from '../invoice/state.js';
import type { DocumentReader } from './documents.js';

export interface IntakeDependencies {
  readonly store: EventStore;
  readonly objects: ObjectStore;
  readonly documents: DocumentReader;
  /** Largest document taken (bytes). */
  readonly maxDocumentBytes: number;
}

export interface IncomingFile {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly name?: string;
  readonly channel: Channel;
}

/** What the JSON command says of a document that Folio will fetch. */
export interface IncomingClaim {
  readonly claim: Claim;
  readonly fileUrl: string;
  readonly checksum: Sha256;
}

/** `created`: a new invoice; `resubmitted`: a new attempt for a rejected one; `duplicate`: the same document, nothing happened. */
export interface Submitted {
  readonly outcome: 'created' | 'resubmitted' | 'duplicate';
  readonly id: InvoiceId;
  readonly stream: StreamId;
  /** Attempt that the file belongs to: its events carry this number. */
  readonly attempt: number;
  readonly revision: Revision;
  readonly position: Position;
}

export const invoiceStream = (id: InvoiceId): StreamId => toStreamId(`invoice-${id}`);

/** A document comes in as bytes: they are durable before anything is said about them. @throws Problem document-unreadable | document-unsupported | invoice-identity-conflict … */
export async function submitDocument(dependencies: IntakeDependencies, file: IncomingFile, context: CommandContext): Promise<Submitted> {
  const { objects, documents, maxDocumentBytes } = dependencies;
  if (file.bytes.byteLength > maxDocumentBytes) throw problem('body-too-large', { limit: maxDocumentBytes });
  const read = await documents.read(file.bytes);
  if (read.kind === 'unsupported') throw problem('document-unsupported', { root: read.root });
  if (read.kind === 'unreadable') throw problem('document-unreadable', { reason: read.reason, finding: read.code });
  const { sha256, size } = await objects.put(file.bytes, { maxBytes: maxDocumentBytes });
  const { channel, mediaType, name } = file;
  const reference: FileReference = { kind: 'stored', sha256, size, mediaType, ...(name !== undefined && { name: name.slice(0, 255) }) };
  return submit(dependencies.store, read.identity, { claim: claimOf(read.facts), claimed: false, file: reference, channel }, context);
}

/** A document is announced: the processor will fetch it and hold it against the claim. */
export async function submitClaim(dependencies: Pick<IntakeDependencies, 'store'>, { claim, fileUrl, checksum }: IncomingClaim, context: CommandContext): Promise<Submitted> {
  const format = claim.format ?? 'cfdi-4.0';
  const identity: IdentityClaim = {
    format,
    ...(claim.uuid !== undefined && { uuid: claim.uuid }),
    ...(claim.issuer.id !== undefined && { sellerId: claim.issuer.id }),
    ...(claim.number !== undefined && { number: claim.number }),
    ...(claim.documentType !== undefined && { documentType: claim.documentType }),
    ...(claim.issuanceDate !== undefined && { issued: claim.issuanceDate }),
  };
  if (identityKey(identity) === undefined) throw problem('invoice-identity-missing');
  return submit(dependencies.store, identity, { claim, claimed: true, file: { kind: 'remote', url: fileUrl, sha256: checksum }, channel: 'api' }, context);
}

interface Submission {
  readonly claim: Claim;
  readonly claimed: boolean;
  readonly file: FileReference;
  readonly channel: Channel;
}

async function submit(store: EventStore, identity: IdentityClaim, submission: Submission, context: CommandContext): Promise<Submitted> {
  const { file, claim } = submission;
  const key = identityKey(identity, file.sha256);
  if (key === undefined) throw problem('invoice-identity-missing');
  const id = invoiceIdOf(key);
  const stream = invoiceStream(id);
  const routing = routingOf(claim, stream);
  const handled = await handleCommand(store, invoiceDecider, stream, { kind: 'submit', identity: key, ...submission, routing }, { ...context, routing });
  return { ...outcomeOf(handled, file.sha256), id, stream };
}

/** The conflict is the state's word, not the decision's: the copy that was kept (or had been before) is not the file in force. */
function outcomeOf({ outcome, state, revision, position, first }: Handled<InvoiceState>, sha256: Sha256): Pick<Submitted, 'outcome' | 'attempt' | 'revision' | 'position'> {
  if (state.status === 'absent') throw problem('internal');
  if (outcome === 'unchanged' && (state.status === 'rejected' || state.file.sha256 === sha256)) return { outcome: 'duplicate', attempt: state.attempt, ...first };
  if (state.file.sha256 !== sha256) throw problem('invoice-identity-conflict', { existing: state.file.sha256, received: sha256 });
  return { outcome: state.attempt === 1 ? 'created' : 'resubmitted', attempt: state.attempt, revision, position };
}

function routingOf({ issuer, issuanceDay }: Claim, stream: StreamId): Routing {
  return { shardKey: issuer.id ?? stream, month: issuanceDay === undefined ? NO_MONTH : `${issuanceDay.slice(0, 7)}-01` };
}

/** What a document says of itself, in the form of a claim. */
function claimOf(facts: Facts): Claim {
  const { format, documentType, series, number, uuid, issuer, receiver, subtotal, taxes, total, currency, dates, issuanceDay } = facts;
  return {
    format, issuer, receiver, taxes,
    ...(documentType !== undefined && { documentType }),
    ...(series !== undefined && { series }),
    ...(number !== undefined && { number }),
    ...(uuid !== undefined && { uuid }),
    ...(subtotal !== undefined && { subtotal }),
    ...(total !== undefined && { amount: total }),
    ...(currency !== undefined && { currency }),
    ...(dates.issued !== undefined && { issuanceDate: dates.issued }),
    ...(issuanceDay !== undefined && { issuanceDay }),
  };
}
