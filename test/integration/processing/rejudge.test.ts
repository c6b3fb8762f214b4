import { expect } from 'chai';
import { decodeTrusted } from '#contracts/events/decode.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { Verdict } from '#contracts/invoice/verdict.js';
import { randomUuid, toInvoiceId, type InvoiceId } from '#contracts/kernel/ids.js';
import type { DocumentJudge } from '../../../write-side/intake/documents.js';
import { invoiceStream, submitDocument } from '../../../write-side/intake/submit.js';
import { rejudge } from '../../../write-side/judging/rejudge.js';
import type { ProcessManager } from '../../../write-side/processing/process-manager.js';
import { plainDocuments, ProcessingBench, someContext } from '../../support/processing.js';
import { codeOf } from '../../support/until.js';

/** Rules of a later day: they find these codes in everything. */
const stricter = (...codes: string[]): DocumentJudge => ({
  judge: async (bytes, expected) => {
    const judged = await plainDocuments.judge(bytes, expected);
    const counts = Object.fromEntries(codes.map((code) => [code, 1]));
    return { ...judged, verdict: { ...judged.verdict, verdict: codes.length > 0 ? 'invalid' : judged.verdict.verdict, findingCounts: counts, ruleSet: 't@2' } };
  },
});

describe('a document judged again', () => {
  let bench: ProcessingBench;
  let manager: ProcessManager;
  beforeEach(async () => {
    bench = await ProcessingBench.open();
    manager = bench.manager();
  });
  afterEach(async () => {
    await manager.stop();
    await bench.close();
  });
  const again = (id: InvoiceId, judge: DocumentJudge) => rejudge({ store: bench.store, objects: bench.objects, judge }, id, someContext());
  const archivedInvoice = async (name = randomUuid().toUpperCase()): Promise<InvoiceId> => {
    const { id } = await submitDocument({ store: bench.store, objects: bench.objects, documents: plainDocuments, maxDocumentBytes: 1_000 }, { bytes: Buffer.from(`${name}|1`), mediaType: 'application/xml', channel: 'upload' }, someContext());
    await bench.settled(id, name.startsWith('BAD') ? 'validation-failed' : 'archived');
    return id;
  };

  it('is told once, with what it was before; the archive and the verdict of then stay', async () => {
    const id = await archivedInvoice();
    const { handled, before } = await again(id, stricter('CFDI40108'));
    expect([handled.outcome, handled.state.status, before.verdict]).to.deep.equal(['done', 'archived', 'valid']);
    const events = (await bench.store.readStream(invoiceStream(id))).map((event) => decodeTrusted(event) as InvoiceEvent);
    const last = events.at(-1);
    if (last?.type !== 'fiscal.invoice.rejudged') throw new Error(`the last event is ${last?.type}`);
    expect([last.data.before, last.data.verdict.verdict, last.data.verdict.ruleSet]).to.deep.equal([{ verdict: 'valid', ruleSet: 't@1' }, 'invalid', 't@2']);
    expect((await again(id, stricter('CFDI40108'))).handled.outcome, 'the same again').to.equal('unchanged');
    expect((await again(id, stricter('CFDI40109'))).handled.outcome, 'for another reason').to.equal('done');
    expect((await again(id, stricter())).handled.outcome, 'and back').to.equal('done');
    expect(await bench.history(id)).to.deep.equal(['created', 'processing-started', 'validated', 'archived', 'rejudged', 'rejudged', 'rejudged']);
  });

  it('is nothing new by the same rules, also when it was rejected', async () => {
    for (const id of [await archivedInvoice(), await archivedInvoice(`BAD${randomUuid()}`)]) {
      const length = (await bench.history(id)).length;
      expect((await again(id, plainDocuments)).handled.outcome).to.equal('unchanged');
      expect((await bench.history(id)).length).to.equal(length);
    }
  });

  it('must have been judged before, and have its file', async () => {
    expect(await codeOf(again(toInvoiceId(randomUuid()), plainDocuments))).to.equal('invoice-unknown');
    await manager.stop();
    const { id } = await submitDocument({ store: bench.store, objects: bench.objects, documents: plainDocuments, maxDocumentBytes: 1_000 }, { bytes: Buffer.from(`${randomUuid()}|1`), mediaType: 'application/xml', channel: 'upload' }, someContext());
    expect(await codeOf(again(id, plainDocuments))).to.equal('invoice-not-judged');
  });

  it('keeps all findings of a verdict that an event cannot carry', async () => {
    const id = await archivedInvoice();
    const finding = { code: 'X', severity: 'error', path: '/', term: 'X', expected: '', found: '', message: { es: 'x', en: 'x' }, source: 'x' } as const;
    const wordy: DocumentJudge = { judge: async (bytes, expected) => ({ ...(await stricter('X').judge(bytes, expected)), allFindings: [finding, finding] }) };
    const { verdict } = await again(id, wordy);
    if (verdict.fullVerdict === undefined) throw new Error('not kept');
    const same = (await again(id, wordy)).verdict;
    expect(same.fullVerdict, 'nothing new is kept').to.equal(undefined);
    expect((JSON.parse(Buffer.from((await bench.objects.get(verdict.fullVerdict)) ?? []).toString()) as Verdict).findings).to.have.length(2);
  });
});
