import { expect } from 'chai';
import fc from 'fast-check';
import type { InvoiceCommand } from '#contracts/commands/invoice.js';
import { decodeStrict } from '#contracts/events/decode.js';
import { definitionOf } from '#contracts/events/index.js';
import { CHANNELS, type Claim, type FileReference, type InvoiceEvent, type InvoiceFact } from '#contracts/events/invoice.js';
import { AUTHORITY_STATUSES } from '#contracts/invoice/authority.js';
import { toCorrelationId, toInvoiceId, toSha256, toStreamId, type EventId } from '#contracts/kernel/ids.js';
import { toPosition, toRevision } from '#contracts/kernel/position.js';
import { documentFacts, ISSUER, RECEIVER, verdictOf } from '../../projections/kit/testing/index.js';
import { isRejection } from '../../write-side/handle-command.js';
import { invoiceDecider } from '../../write-side/invoice/decide.js';
import type { InvoiceState } from '../../write-side/invoice/state.js';

const sha = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f').map((letter) => toSha256(letter.repeat(64)));
const file: fc.Arbitrary<FileReference> = fc.oneof(
  sha.map((sha256) => ({ kind: 'stored' as const, sha256, size: 1, mediaType: 'application/xml' })), sha.map((sha256) => ({ kind: 'remote' as const, url: 'https://files.example/x', sha256 })),
);
const attempt = fc.integer({ min: 1, max: 4 });
const technical = { code: 'object-store-unavailable' };
const command: fc.Arbitrary<InvoiceCommand> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('submit' as const), identity: fc.constant('cfdi|X'), claimed: fc.boolean(), channel: fc.constantFrom(...CHANNELS), routing: fc.constant({ shardKey: 'k', month: '2026-03-01' }), claim: fc.constant<Claim>({ issuer: ISSUER, receiver: RECEIVER, taxes: [] }), file }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('start-processing' as const), attempt }) },
  { weight: 4, arbitrary: fc.tuple(attempt, sha, fc.constantFrom(verdictOf(), verdictOf('CFDI40108'), { ...verdictOf(), verdict: 'unreadable' as const }), fc.boolean()).map(([of, sha256, verdict, readable]) => ({ kind: 'record-verdict' as const, attempt: of, sha256, verdict, ...(readable && { facts: documentFacts() }) })) },
  { weight: 3, arbitrary: fc.tuple(attempt, sha).map(([of, sha256]) => ({ kind: 'record-archive' as const, attempt: of, objectKey: 'k', sha256, originalSize: 2, compressedSize: 1, retentionUntil: '2036-03-01' })) },
  attempt.map((of) => ({ kind: 'record-failure' as const, attempt: of, ...technical, reason: 'r', retriesExhausted: true })),
  attempt.map((of) => ({ kind: 'schedule-retry' as const, attempt: of, retry: 1, ...technical, cause: 'c', notBefore: '2026-03-01T00:00:00.000Z' })),
  fc.constant({ kind: 'cancel' as const, motive: '02' }), fc.constant({ kind: 'reprocess' as const }),
  fc.tuple(sha, fc.constantFrom(verdictOf(), verdictOf('CFDI40108'))).map(([sha256, verdict]) => ({ kind: 'rejudge' as const, sha256, verdict })),
  fc.constantFrom(...AUTHORITY_STATUSES).map((status) => ({ kind: 'report-authority-status' as const, uuid: 'u', answer: { status, code: 'S' } })),
  fc.constantFrom('x', 'y').map((of) => ({ kind: 'suspect-duplicate' as const, of: toInvoiceId(`00000000-0000-4000-8000-00000000000${of === 'x' ? 1 : 2}`), key: 'k' })),
);

const asEvent = (fact: InvoiceFact, revision: number): InvoiceEvent => ({
  ...fact, id: `e${revision}` as EventId, version: definitionOf(fact.type)?.version ?? 0, occurredAt: '2026-03-01T00:00:00.000Z', recordedAt: '2026-03-01T00:00:00.000Z', correlationId: toCorrelationId('c'),
  causationId: 'c', actor: { kind: 'system', id: 'test' }, shardKey: 'k', month: '2026-03-01', stream: toStreamId('invoice-x'), revision: toRevision(revision), position: toPosition(String(revision + 1)),
} as InvoiceEvent);

/** Facts that a command makes of a state, and the state behind them; a refusal changes nothing. */
function carriedOut(state: InvoiceState, one: InvoiceCommand): { readonly facts: readonly InvoiceFact[]; readonly state: InvoiceState } {
  const decision = invoiceDecider.decide(one, state);
  if (isRejection(decision)) return { facts: [], state };
  return { facts: decision, state: decision.reduce((current, fact, index) => invoiceDecider.evolve(current, asEvent(fact, index)), state) };
}

const histories = fc.array(command, { maxLength: 25 });
const after = (commands: readonly InvoiceCommand[]): InvoiceState => commands.reduce((state, one) => carriedOut(state, one).state, invoiceDecider.initial);

describe('the decider of an invoice', () => {
  it('answers any command after any history with facts that may be written, or with a refusal; it never throws', () => {
    fc.assert(fc.property(histories, command, (history, next) => {
      for (const fact of carriedOut(after(history), next).facts) expect(() => decodeStrict(asEvent(fact, 0))).not.to.throw();
    }));
  });

  it('yields no fact when a command is repeated', () => {
    fc.assert(fc.property(histories, command, (history, next) => {
      // A retry counts nothing in the state: what is repeated there is found by the id of the command.
      fc.pre(next.kind !== 'schedule-retry');
      const { state } = carriedOut(after(history), next);
      expect(carriedOut(state, next).facts.map(({ type }) => type), next.kind).to.deep.equal([]);
    }), { numRuns: 300 });
  });

  it('decides by command and state alone: the same answer twice, and neither is changed', () => {
    fc.assert(fc.property(histories, command, (history, next) => {
      const state = after(history);
      const before = structuredClone({ state, next });
      expect(invoiceDecider.decide(next, state)).to.deep.equal(invoiceDecider.decide(next, state));
      expect({ state, next }).to.deep.equal(before);
    }));
  });

  it('folds any facts in any order without a fault: what makes no sense in a state leaves it as it is', () => {
    const facts = histories.map((history) => {
      let state = invoiceDecider.initial;
      return history.flatMap((one) => {
        const done = carriedOut(state, one);
        state = done.state;
        return done.facts;
      });
    });
    fc.assert(fc.property(facts.chain((all) => fc.shuffledSubarray([...all])), (shuffled) => {
      const state = shuffled.reduce((current, fact, index) => invoiceDecider.evolve(current, asEvent(fact, index)), invoiceDecider.initial);
      expect(state.status === 'absent').to.equal(!shuffled.some(({ type }) => type === 'fiscal.invoice.created'));
    }));
  });

  it('never leaves the archive but by a cancellation', () => {
    const hash = toSha256('a'.repeat(64));
    const archive: readonly InvoiceCommand[] = [
      { kind: 'submit', identity: 'cfdi|X', claimed: false, channel: 'upload', routing: { shardKey: 'k', month: '2026-03-01' }, claim: { issuer: ISSUER, receiver: RECEIVER, taxes: [] }, file: { kind: 'stored', sha256: hash, size: 1, mediaType: 'application/xml' } },
      { kind: 'start-processing', attempt: 1 }, { kind: 'record-verdict', attempt: 1, sha256: hash, verdict: verdictOf(), facts: documentFacts() },
      { kind: 'record-archive', attempt: 1, objectKey: 'k', sha256: hash, originalSize: 2, compressedSize: 1, retentionUntil: '2036-03-01' },
    ];
    expect(after(archive).status).to.equal('archived');
    fc.assert(fc.property(histories, (later) => {
      expect(after([...archive, ...later]).status).to.equal(later.some(({ kind }) => kind === 'cancel') ? 'cancelled' : 'archived');
    }));
  });
});
