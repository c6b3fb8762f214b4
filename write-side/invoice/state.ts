import type { Claim, FileReference, InvoiceEvent } from '#contracts/events/invoice.js';
import type { AuthorityAnswer } from '#contracts/invoice/authority.js';
import type { Facts } from '#contracts/invoice/facts.js';
import type { Verdict } from '#contracts/invoice/verdict.js';
import type { InvoiceId, Sha256 } from '#contracts/kernel/ids.js';
import type { Channel } from '#contracts/commands/invoice.js';

/** A document that claims the identity of the stream with other bytes, kept until the first one is judged. */
export interface KeptCopy {
  readonly file: FileReference;
  readonly channel: Channel;
}

export type LastVerdict = Pick<Verdict, 'verdict' | 'findingCounts' | 'ruleSet'> & { readonly sha256: Sha256 };

/** What every invoice that exists has. */
interface Known {
  readonly identity: string;
  readonly claim: Claim;
  readonly claimed: boolean;
  readonly month: string;
  /** The file of the current attempt. */
  readonly file: FileReference;
  readonly attempt: number;
  /** Hashes of every file ever taken in, so that none is tried or kept twice. */
  readonly seen: readonly Sha256[];
  /** Copies not yet tried. */
  readonly copies: readonly KeptCopy[];
  /** Copies ever received; bounds the stream. */
  readonly copiesReceived: number;
  readonly duplicateOf: readonly InvoiceId[];
  /** The last verdict, and the file that it is about. */
  readonly judged?: LastVerdict;
  /** What the authority last said. */
  readonly authority?: AuthorityAnswer;
}

export type Pending = Known & { readonly status: 'pending' };
export type Processing = Known & { readonly status: 'processing' };
export type Validated = Known & { readonly status: 'validated'; readonly facts: Facts };
export type Archived = Known & { readonly status: 'archived' };
export type Rejected = Known & { readonly status: 'rejected' };
export type Cancelled = Known & { readonly status: 'cancelled' };
export type Existing = Pending | Processing | Validated | Archived | Rejected | Cancelled;
export type InvoiceState = { readonly status: 'absent' } | Existing;

export const initial: InvoiceState = { status: 'absent' };

export const hashOf = (file: FileReference): Sha256 => file.sha256;

/** Folds one event. Total: an event that makes no sense in a state leaves it as it is. */
export function evolve(state: InvoiceState, event: InvoiceEvent): InvoiceState {
  if (event.type === 'fiscal.invoice.created') return state.status === 'absent' ? born(event) : state;
  if (state.status === 'absent') return state;
  switch (event.type) {
    case 'fiscal.invoice.processing-started':
      return { ...known(state), status: 'processing' };
    case 'fiscal.invoice.validated':
      return { ...known(state), judged: lastVerdict(event.data), status: 'validated', facts: event.data.facts };
    case 'fiscal.invoice.failed':
      return { ...known(state), status: 'rejected' };
    case 'fiscal.invoice.validation-failed':
      return { ...known(state), judged: lastVerdict(event.data), status: 'rejected' };
    case 'fiscal.invoice.rejudged':
      return { ...state, judged: lastVerdict(event.data) };
    case 'fiscal.invoice.authority-status-reported':
      return { ...state, authority: event.data.answer };
    case 'fiscal.invoice.retry-scheduled':
      return state;
    case 'fiscal.invoice.copy-received':
      return withCopy(state, event.data);
    case 'fiscal.invoice.resubmitted':
      return resubmitted(state, event.data);
    case 'fiscal.invoice.duplicate-suspected':
      return { ...state, duplicateOf: [...state.duplicateOf, event.data.of] };
    case 'fiscal.invoice.archived':
      return { ...known(state), status: 'archived' };
    case 'fiscal.invoice.cancelled':
      return { ...known(state), status: 'cancelled' };
    default:
      return unreachable(event);
  }
}

type EventData<Type extends InvoiceEvent['type']> = Extract<InvoiceEvent, { type: Type }>['data'];

function born({ data, month }: Extract<InvoiceEvent, { type: 'fiscal.invoice.created' }>): Pending {
  const { identity, claim, claimed, file } = data;
  return { status: 'pending', identity, claim, claimed, month, file, attempt: 1, seen: [file.sha256], copies: [], copiesReceived: 0, duplicateOf: [] };
}

/** The part of a state that outlives its status. */
function known({ identity, claim, claimed, month, file, attempt, seen, copies, copiesReceived, duplicateOf, judged, authority }: Existing): Known {
  return { identity, claim, claimed, month, file, attempt, seen, copies, copiesReceived, duplicateOf, ...(judged && { judged }), ...(authority && { authority }) };
}

const lastVerdict = ({ sha256, verdict: { verdict, findingCounts, ruleSet } }: EventData<'fiscal.invoice.validated' | 'fiscal.invoice.validation-failed' | 'fiscal.invoice.rejudged'>): LastVerdict => ({ sha256, verdict, findingCounts, ruleSet });

function withCopy(state: Existing, { sha256, size, mediaType, channel, name }: EventData<'fiscal.invoice.copy-received'>): Existing {
  const file: FileReference = { kind: 'stored', sha256, size, mediaType, ...(name !== undefined && { name }) };
  return { ...state, seen: [...state.seen, sha256], copies: [...state.copies, { file, channel }], copiesReceived: state.copiesReceived + 1 };
}

function resubmitted(state: Existing, { file, attempt, claim }: EventData<'fiscal.invoice.resubmitted'>): Pending {
  const before = known(state);
  return {
    ...before,
    status: 'pending',
    file,
    attempt,
    claim: claim ?? before.claim,
    seen: before.seen.includes(file.sha256) ? before.seen : [...before.seen, file.sha256],
    copies: before.copies.filter((copy) => copy.file.sha256 !== file.sha256),
  };
}

function unreachable(event: never): never {
  throw new TypeError(`unhandled event ${JSON.stringify(event)}`);
}
