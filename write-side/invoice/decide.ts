import type { InvoiceCommand, RecordArchive, RecordFailure, RecordVerdict, RejudgeInvoice, SubmitInvoice } from '#contracts/commands/invoice.js';
import { reject, type Rejection } from '#contracts/errors.js';
import { MAX_COPIES, type InvoiceFact } from '#contracts/events/invoice.js';
import { saysTheSame } from '#contracts/invoice/authority.js';
import type { Verdict } from '#contracts/invoice/verdict.js';
import { canonicalJson } from '#contracts/kernel/json.js';
import type { Decider } from '../handle-command.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { evolve, initial, type Existing, type InvoiceState, type LastVerdict, type Rejected, type Validated } from './state.js';

type Facts = readonly InvoiceFact[];

/** Decides one command. Pure; repeating a command that took effect yields no facts. */
export function decide(command: InvoiceCommand, state: InvoiceState): Facts | Rejection {
  if (command.kind === 'submit') return state.status === 'absent' ? create(command) : submitAgain(command, state);
  if (state.status === 'absent') return reject('invoice-unknown');
  switch (command.kind) {
    case 'reprocess':
      return reprocess(state);
    case 'cancel':
      return cancel(state, command.motive, command.replacedBy);
    case 'start-processing':
      return state.status === 'pending' && state.attempt === command.attempt ? [{ type: 'fiscal.invoice.processing-started', data: { attempt: command.attempt } }] : [];
    case 'record-verdict':
      return state.status === 'processing' && state.attempt === command.attempt ? recordVerdict(command, state) : [];
    case 'record-archive':
      return state.status === 'validated' && state.attempt === command.attempt ? [archived(command, state)] : [];
    case 'record-failure':
      return isUnderWay(state, command.attempt) ? [failure(command), ...(state.status === 'processing' ? nextCopy(state) : [])] : [];
    case 'schedule-retry': {
      const { attempt, retry, code, cause, notBefore } = command;
      return isUnderWay(state, attempt) ? [{ type: 'fiscal.invoice.retry-scheduled', data: { attempt, retry, code, cause, notBefore } }] : [];
    }
    case 'rejudge':
      return rejudge(command, state);
    case 'report-authority-status':
      return state.authority && saysTheSame(command.answer, state.authority) ? [] : [{ type: 'fiscal.invoice.authority-status-reported', data: { uuid: command.uuid, answer: command.answer } }];
    case 'suspect-duplicate':
      return state.duplicateOf.includes(command.of) ? [] : [{ type: 'fiscal.invoice.duplicate-suspected', data: { of: command.of, key: command.key } }];
    default:
      return unreachable(command);
  }
}

/** A technical cause can stop an attempt before its verdict and after it, when only the archive is missing. */
const isUnderWay = (state: Existing, attempt: number): boolean => (state.status === 'processing' || state.status === 'validated') && state.attempt === attempt;

function create({ identity, claim, claimed, file, channel }: SubmitInvoice): Facts {
  return [{ type: 'fiscal.invoice.created', data: { identity, claim, claimed, file, channel } }];
}

/**
 * Same identity again. Bytes seen before: nothing. Other bytes: a new attempt when the invoice is rejected, otherwise the copy is remembered (and
 * the caller told of the conflict), so that a bad first copy never shuts out the genuine one.
 */
function submitAgain(command: SubmitInvoice, state: Existing): Facts | Rejection {
  const { file, claim, channel } = command;
  if (state.seen.includes(file.sha256)) return [];
  if (state.status === 'rejected') return [{ type: 'fiscal.invoice.resubmitted', data: { attempt: state.attempt + 1, file, claim, channel } }];
  if (file.kind === 'remote') return reject('invoice-identity-conflict', { existing: state.file.sha256, received: file.sha256 });
  if (state.copiesReceived >= MAX_COPIES) return reject('invoice-copies-exhausted', { limit: MAX_COPIES });
  const { sha256, size, mediaType, name } = file;
  return [{ type: 'fiscal.invoice.copy-received', data: { sha256, size, mediaType, channel, ...(name !== undefined && { name }) } }];
}

function reprocess(state: Existing): Facts | Rejection {
  if (state.status !== 'rejected') return reject('invoice-not-rejected', { status: state.status });
  return [{ type: 'fiscal.invoice.resubmitted', data: { attempt: state.attempt + 1, file: state.file, channel: 'api' } }];
}

function cancel(state: Existing, motive: string, replacedBy: string | undefined): Facts | Rejection {
  if (state.status === 'cancelled') return [];
  if (state.status !== 'archived') return reject('invoice-not-archived', { status: state.status });
  return [{ type: 'fiscal.invoice.cancelled', data: { motive, ...(replacedBy !== undefined && { replacedBy }) } }];
}

function recordVerdict({ attempt, sha256, verdict, facts }: RecordVerdict, state: Existing): Facts {
  const passed = verdict.verdict === 'valid' || verdict.verdict === 'valid-with-warnings';
  if (passed && facts) return [{ type: 'fiscal.invoice.validated', data: { attempt, sha256, verdict, facts } }];
  return [{ type: 'fiscal.invoice.validation-failed', data: { attempt, sha256, verdict, ...(facts && { facts }) } }, ...nextCopy(state)];
}

/** Whether a verdict says something else than the last one: another word, or other codes. */
export const isAnother = (verdict: Verdict, judged: LastVerdict): boolean =>
  judged.verdict !== verdict.verdict || canonicalJson(judged.findingCounts) !== canonicalJson(verdict.findingCounts);

/** Told only where something about it is new: another verdict, or other codes. Its file must be the one that the last verdict was about. */
function rejudge({ sha256, verdict }: RejudgeInvoice, { judged, status }: Existing): Facts | Rejection {
  if (!judged) return reject('invoice-not-judged', { status });
  if (judged.sha256 !== sha256 || !isAnother(verdict, judged)) return [];
  return [{ type: 'fiscal.invoice.rejudged', data: { sha256, verdict, before: { verdict: judged.verdict, ruleSet: judged.ruleSet } } }];
}

function failure({ attempt, code, reason, retriesExhausted, found, declared }: RecordFailure): InvoiceFact {
  return { type: 'fiscal.invoice.failed', data: { attempt, code, reason, retriesExhausted, ...(found !== undefined && { found }), ...(declared !== undefined && { declared }) } };
}

/** The rejected file was not the only one: the oldest kept copy gets its attempt in the same append (not after a file that was found valid). */
function nextCopy(state: Existing | Rejected): Facts {
  const copy = state.copies[0];
  return copy ? [{ type: 'fiscal.invoice.resubmitted', data: { attempt: state.attempt + 1, file: copy.file, channel: 'copy' } }] : [];
}

function archived({ attempt, objectKey, sha256, originalSize, compressedSize, retentionUntil }: RecordArchive, { facts, month }: Validated): InvoiceFact {
  const { uuid, issuer, receiver, total, currency, dates } = facts;
  const data = {
    attempt, issuer, receiver, month, objectKey, sha256, originalSize, compressedSize, retentionUntil, codec: 'gzip' as const,
    ...(uuid !== undefined && { uuid }),
    ...(total !== undefined && { amount: total }),
    ...(currency !== undefined && { currency }),
    ...(dates.issued !== undefined && { issuanceDate: dates.issued }),
  };
  return { type: 'fiscal.invoice.archived', data };
}

function unreachable(command: never): never {
  throw new TypeError(`unhandled command ${JSON.stringify(command)}`);
}

export const invoiceDecider: Decider<InvoiceState, InvoiceCommand, InvoiceEvent, InvoiceFact> = { initial, evolve, decide };
