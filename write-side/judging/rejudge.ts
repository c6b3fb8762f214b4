import { problem } from '#contracts/errors.js';
import type { Verdict } from '#contracts/invoice/verdict.js';
import type { InvoiceId } from '#contracts/kernel/ids.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import { handleCommand, stateOf, type CommandContext, type Handled } from '../handle-command.js';
import type { DocumentJudge } from '../intake/documents.js';
import { invoiceStream } from '../intake/submit.js';
import { invoiceDecider, isAnother } from '../invoice/decide.js';
import type { InvoiceState, LastVerdict } from '../invoice/state.js';
import { keepFullVerdict } from './keep-verdict.js';

export interface RejudgeDependencies {
  readonly store: EventStore;
  readonly objects: ObjectStore;
  readonly judge: DocumentJudge;
}

export interface Rejudged {
  readonly handled: Handled<InvoiceState>;
  /** What it was and what it is now, whether or not that is something new. */
  readonly before: LastVerdict;
  readonly verdict: Verdict;
}

/**
 * Judges the kept file of an invoice by the rules of today. A verdict that differs from the last one is recorded beside it; nothing else changes: what was
 * archived stays archived, what was rejected may be processed again by whoever reads of it.
 * @throws Problem invoice-unknown | invoice-not-judged | original-unavailable | object-store-unavailable
 */
export async function rejudge({ store, objects, judge }: RejudgeDependencies, id: InvoiceId, context: CommandContext): Promise<Rejudged> {
  const stream = invoiceStream(id);
  const state = await stateOf(store, invoiceDecider, stream);
  if (state.status === 'absent') throw problem('invoice-unknown');
  if (!state.judged) throw problem('invoice-not-judged', { status: state.status });
  const { sha256 } = state.judged;
  const bytes = await objects.get(sha256);
  if (!bytes) throw problem('original-unavailable');
  const judged = await judge.judge(bytes, state.claimed ? state.claim : undefined);
  // What is nothing new leaves nothing behind.
  const verdict = isAnother(judged.verdict, state.judged) ? await keepFullVerdict(objects, judged) : judged.verdict;
  return { handled: await handleCommand(store, invoiceDecider, stream, { kind: 'rejudge', sha256, verdict }, context), before: state.judged, verdict };
}
