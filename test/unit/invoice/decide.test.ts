import { expect } from 'chai';
import type { InvoiceCommand, SubmitInvoice } from '#contracts/commands/invoice.js';
import { MAX_COPIES, type InvoiceEvent, type InvoiceFact } from '#contracts/events/invoice.js';
import type { AuthorityState } from '#contracts/invoice/authority.js';
import type { Facts } from '#contracts/invoice/facts.js';
import type { Verdict } from '#contracts/invoice/verdict.js';
import { toInvoiceId, toSha256, type Sha256 } from '#contracts/kernel/ids.js';
import { toMoney } from '#contracts/money.js';
import { invoiceDecider } from '../../../write-side/invoice/decide.js';
import { isRejection } from '../../../write-side/handle-command.js';

const sha = (letter: string): Sha256 => toSha256(letter.repeat(64));
const party = { id: 'FOL010101AB1', name: 'EMISORA FICTICIA' };
const submit = (letter: string): SubmitInvoice => ({
  kind: 'submit', identity: 'cfdi|X', claimed: false, channel: 'upload', routing: { shardKey: 'k', month: '2026-03-01' },
  claim: { issuer: party, receiver: party, taxes: [] }, file: { kind: 'stored', sha256: sha(letter), size: 1, mediaType: 'application/xml' },
});
const verdict = (name: Verdict['verdict']): Verdict => ({ verdict: name, findings: [], findingCounts: {}, checked: [], notChecked: [], ruleSet: 'r@1', catalogueDate: 'none', durationUs: 1 });
const facts: Facts = { format: 'cfdi-4.0', uuid: 'U', issuer: party, receiver: party, dates: { issued: '2026-03-01T00:00:00' }, currency: 'MXN', total: toMoney('1.00'), taxes: [], lineCount: 1, descriptions: [], descriptionsTruncated: false };
const start = (attempt = 1): InvoiceCommand => ({ kind: 'start-processing', attempt });
const judge = (name: Verdict['verdict'], attempt = 1): InvoiceCommand => ({ kind: 'record-verdict', attempt, sha256: sha('a'), verdict: verdict(name), facts });
const archive = (attempt = 1): InvoiceCommand => ({ kind: 'record-archive', attempt, objectKey: 'k', sha256: sha('a'), originalSize: 2, compressedSize: 1, retentionUntil: '2036-03-01' });
const retry = (attempt = 1): InvoiceCommand => ({ kind: 'schedule-retry', attempt, retry: 1, code: 'object-store-unavailable', cause: 'c', notBefore: '2026-03-01T00:00:00.000Z' });
const fail = (attempt = 1): InvoiceCommand => ({ kind: 'record-failure', attempt, code: 'checksum-mismatch', reason: 'r', retriesExhausted: false });
const cancel: InvoiceCommand = { kind: 'cancel', motive: '02' };
const reprocess: InvoiceCommand = { kind: 'reprocess' };

/** Given the commands that were carried out, when one more comes, what are the new facts or the refusal? */
function given(...history: InvoiceCommand[]) {
  const run = (commands: InvoiceCommand[]): InvoiceFact[][] => {
    let state = invoiceDecider.initial;
    return commands.map((command) => {
      const decision = invoiceDecider.decide(command, state);
      if (isRejection(decision)) throw new Error(`refused: ${decision.rejected}`);
      for (const fact of decision) state = invoiceDecider.evolve(state, { ...fact, month: '2026-03-01' } as InvoiceEvent);
      return [...decision];
    });
  };
  return {
    when: (command: InvoiceCommand): InvoiceFact[] => run([...history, command]).at(-1) ?? [],
    refuses: (command: InvoiceCommand): string => {
      let message = 'nothing refused';
      run(history);
      try { run([...history, command]); } catch (error) { message = (error as Error).message; }
      return message;
    },
  };
}
const types = (found: InvoiceFact[]): string[] => found.map((fact) => fact.type.replace('fiscal.invoice.', ''));

describe('an invoice', () => {
  const processing = [submit('a'), start()];
  const rejected = [...processing, judge('invalid')];
  const archived = [...processing, judge('valid'), archive()];

  it('is created once, however often the same bytes come', () => {
    expect(types(given().when(submit('a')))).to.deep.equal(['created']);
    for (const history of [[submit('a')], processing, rejected, archived]) expect(given(...history).when(submit('a'))).to.deep.equal([]);
  });

  it('goes from pending over processing and validated to archived', () => {
    expect(types(given(submit('a')).when(start()))).to.deep.equal(['processing-started']);
    expect(types(given(...processing).when(judge('valid-with-warnings')))).to.deep.equal(['validated']);
    const [fact] = given(...processing, judge('valid')).when(archive());
    expect(fact?.type).to.equal('fiscal.invoice.archived');
    expect(fact?.data).to.include({ uuid: 'U', amount: '1.00', currency: 'MXN', month: '2026-03-01', codec: 'gzip', retentionUntil: '2036-03-01' });
  });

  it('tells a technical cause also between the verdict and the archive, and ends there without trying a copy in the place of a valid file', () => {
    const validated = [...processing, judge('valid')];
    expect(types(given(...validated).when(retry()))).to.deep.equal(['retry-scheduled']);
    expect(types(given(...validated, retry()).when(archive()))).to.deep.equal(['archived']);
    expect(types(given(...validated, submit('b')).when(fail()))).to.deep.equal(['failed']);
    expect(types(given(...processing, submit('b')).when(fail()))).to.deep.equal(['failed', 'resubmitted']);
    expect(types(given(...validated, fail()).when(reprocess))).to.deep.equal(['resubmitted']);
  });

  it('yields no event when a step is repeated or belongs to another attempt', () => {
    expect(given(...processing).when(start())).to.deep.equal([]);
    expect(given(...rejected).when(judge('valid'))).to.deep.equal([]);
    expect(given(...archived).when(archive())).to.deep.equal([]);
    expect(given(...rejected, reprocess).when(start(1))).to.deep.equal([]);
    expect(given(...processing).when(judge('valid', 2))).to.deep.equal([]);
    expect(given(...archived).when(fail())).to.deep.equal([]);
  });

  it('is rejected by an invalid or unreadable document and by a final technical cause', () => {
    expect(types(given(...processing).when(judge('invalid')))).to.deep.equal(['validation-failed']);
    expect(types(given(...processing).when(judge('unreadable')))).to.deep.equal(['validation-failed']);
    expect(types(given(...processing).when(fail()))).to.deep.equal(['failed']);
  });

  it('may be processed again only when it is rejected', () => {
    expect(given(...rejected).when(reprocess)[0]).to.deep.include({ type: 'fiscal.invoice.resubmitted' });
    expect(types(given(...rejected, reprocess).when(start(2)))).to.deep.equal(['processing-started']);
    for (const history of [[submit('a')], processing, archived]) expect(given(...history).refuses(reprocess)).to.equal('refused: invoice-not-rejected');
  });

  it('takes other bytes as a new attempt when it is rejected', () => {
    const [fact] = given(...rejected).when(submit('b'));
    expect(fact?.data).to.deep.include({ attempt: 2, file: { kind: 'stored', sha256: sha('b'), size: 1, mediaType: 'application/xml' } });
    expect(given(...rejected, submit('b')).when(submit('a'))).to.deep.equal([]);
  });

  it('remembers a copy with other bytes once, and tries it by itself when the first is rejected', () => {
    expect(types(given(...processing).when(submit('b')))).to.deep.equal(['copy-received']);
    expect(given(...processing, submit('b')).when(submit('b'))).to.deep.equal([]);
    expect(types(given(...processing, submit('b')).when(judge('invalid')))).to.deep.equal(['validation-failed', 'resubmitted']);
    expect(types(given(...processing, submit('b')).when(fail()))).to.deep.equal(['failed', 'resubmitted']);
    expect(types(given(...processing, submit('b'), judge('invalid'), start(2)).when(judge('invalid', 2)))).to.deep.equal(['validation-failed']);
  });

  it('keeps at most ten copies', () => {
    const copies = Array.from({ length: MAX_COPIES }, (_, index) => submit('0123456789b'.charAt(index)));
    expect(given(...processing, ...copies).refuses(submit('c'))).to.equal('refused: invoice-copies-exhausted');
  });

  it('refuses a claimed copy whose bytes it does not have', () => {
    const remote: InvoiceCommand = { ...submit('b'), file: { kind: 'remote', url: 'https://files.example/x', sha256: sha('b') } };
    expect(given(...archived).refuses(remote)).to.equal('refused: invoice-identity-conflict');
  });

  it('is cancelled once, and only from the archive', () => {
    expect(types(given(...archived).when(cancel))).to.deep.equal(['cancelled']);
    expect(given(...archived, cancel).when(cancel)).to.deep.equal([]);
    for (const history of [[submit('a')], processing, rejected]) expect(given(...history).refuses(cancel)).to.equal('refused: invoice-not-archived');
  });

  it('gets another verdict on its file, and nothing else of it changes', () => {
    const rejudge = (name: Verdict['verdict'], letter = 'a'): InvoiceCommand => ({ kind: 'rejudge', sha256: sha(letter), verdict: verdict(name) });
    expect(given(...archived).when(rejudge('invalid'))).to.deep.equal([{ type: 'fiscal.invoice.rejudged', data: { sha256: sha('a'), verdict: verdict('invalid'), before: { verdict: 'valid', ruleSet: 'r@1' } } }]);
    expect(given(...archived).when(rejudge('valid')), 'the same').to.deep.equal([]);
    expect(given(...archived, rejudge('invalid')).when(rejudge('invalid')), 'the same again').to.deep.equal([]);
    expect(given(...archived).when(rejudge('invalid', 'b')), 'another file').to.deep.equal([]);
    expect(types(given(...archived, rejudge('invalid')).when(cancel))).to.deep.equal(['cancelled']);
    expect(given(...processing).refuses(rejudge('valid'))).to.equal('refused: invoice-not-judged');
  });

  it('tells what the authority says the first time, and when it says something else', () => {
    const says = (status: AuthorityState): InvoiceCommand => ({ kind: 'report-authority-status', uuid: 'U', answer: { status, code: 'S' } });
    expect(given(...archived).when(says('in-force'))).to.deep.equal([{ type: 'fiscal.invoice.authority-status-reported', data: { uuid: 'U', answer: { status: 'in-force', code: 'S' } } }]);
    expect(given(...archived, says('in-force')).when(says('in-force'))).to.deep.equal([]);
    const older: InvoiceCommand = { kind: 'report-authority-status', uuid: 'U', answer: { status: 'in-force', code: 'S', cancellable: 'Cancelable con aceptación' } };
    expect(given(...archived, says('in-force')).when(older), 'age is no news').to.deep.equal([]);
    expect(types(given(...archived, says('in-force')).when(says('cancelled')))).to.deep.equal(['authority-status-reported']);
    expect(types(given(...archived, says('in-force'), { kind: 'cancel', motive: '02' }).when(says('in-force'))), 'whatever becomes of it here').to.deep.equal([]);
  });

  it('is suspected as a duplicate of another once', () => {
    const suspect: InvoiceCommand = { kind: 'suspect-duplicate', of: toInvoiceId('x'), key: 'k' };
    expect(types(given(submit('a')).when(suspect))).to.deep.equal(['duplicate-suspected']);
    expect(given(submit('a'), suspect).when(suspect)).to.deep.equal([]);
  });

  it('is unknown to every command but the first', () => {
    for (const command of [start(), judge('valid'), archive(), fail(), cancel, reprocess]) expect(given().refuses(command)).to.equal('refused: invoice-unknown');
  });
});
