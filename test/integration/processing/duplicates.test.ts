import { expect } from 'chai';
import { decodeTrusted } from '#contracts/events/decode.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { businessKeyOf } from '#contracts/invoice/duplicates.js';
import { randomUuid, type InvoiceId } from '#contracts/kernel/ids.js';
import { comparePositions } from '#contracts/kernel/position.js';
import { toMoney } from '#contracts/money.js';
import type { Documents, ReadOutcome } from '../../../write-side/intake/documents.js';
import { invoiceStream, submitDocument } from '../../../write-side/intake/submit.js';
import { BusinessKeys } from '../../../write-side/processing/business-keys.js';
import { DuplicateWatch } from '../../../write-side/processing/duplicate-watch.js';
import type { ProcessManager } from '../../../write-side/processing/process-manager.js';
import { judgePlain, ProcessingBench, readPlain, someContext } from '../../support/processing.js';
import { until } from '../../support/until.js';

/** `uuid|total|number` */
const read = (bytes: Uint8Array): ReadOutcome => {
  const plain = readPlain(bytes);
  const [, total = '', number = ''] = Buffer.from(bytes).toString().split('|');
  return plain.kind === 'document' ? { ...plain, facts: { ...plain.facts, total: toMoney(total), ...(number !== '' && { number }) } } : plain;
};
const documents: Documents = { read, judge: async (bytes) => judgePlain(read(bytes)) };

describe('the watch for duplicates', () => {
  let bench: ProcessingBench;
  let manager: ProcessManager;
  const watches: DuplicateWatch[] = [];
  const watch = (keys = new BusinessKeys(bench.pool)): DuplicateWatch => {
    const one = new DuplicateWatch({ store: bench.store, keys, database: bench.database, lookMs: 20, gatherMs: 5 });
    watches.push(one);
    one.start();
    return one;
  };
  beforeEach(async () => {
    bench = await ProcessingBench.open();
    manager = bench.manager({ documents });
  });
  afterEach(async () => {
    await Promise.all([manager.stop(), ...watches.splice(0).map((one) => one.stop())]);
    await bench.close();
  });

  /** One after the other, so that the order of the log is known. */
  const archived = async (total: string, number: string): Promise<InvoiceId> => {
    const { id } = await submitDocument({ store: bench.store, objects: bench.objects, documents, maxDocumentBytes: 1_000 }, { bytes: Buffer.from(`${randomUuid().toUpperCase()}|${total}|${number}`), mediaType: 'application/xml', channel: 'upload' }, someContext());
    await until(async () => (await bench.history(id)).includes('archived'));
    return id;
  };
  const suspicionsOf = async (id: InvoiceId): Promise<string[]> => (await bench.store.readStream(invoiceStream(id))).map((event) => decodeTrusted(event) as InvoiceEvent)
    .flatMap((event) => (event.type === 'fiscal.invoice.duplicate-suspected' ? [event.data.of] : []));
  const behind = async (): Promise<readonly (number | undefined)[]> => Promise.all(watches.map((one) => one.behind()));
  const atHead = async (): Promise<void> => {
    const { head } = await bench.store.status();
    await until(() => watches.some(({ position }) => position !== undefined && comparePositions(position, head) >= 0));
  };

  it('tells it of each later one, in its own stream, and of no other', async () => {
    const first = await archived('10.00', 'A-1');
    const [other, nameless, alsoNameless] = [await archived('10.01', 'A-1'), await archived('10.00', ''), await archived('10.00', '')];
    watch();
    const [second, third] = [await archived('10.0', 'a-1'), await archived('10', 'A-1')];
    await until(async () => (await suspicionsOf(third)).length > 0);
    await atHead();
    expect(await Promise.all([first, second, third, other, nameless, alsoNameless].map(suspicionsOf))).to.deep.equal([[], [first], [first], [], [], []]);
  });

  it('tells it once when it dies between telling and remembering how far it was', async () => {
    const first = await archived('1', 'B');
    const second = await archived('1', 'B');
    const forgetful = new BusinessKeys(bench.pool);
    let saves = 0;
    forgetful.save = async (...place) => {
      saves += 1;
      if (saves <= 2) throw new Error('the process died');
      return BusinessKeys.prototype.save.apply(forgetful, place);
    };
    watch(forgetful);
    await until(() => saves > 2);
    await atHead();
    expect(await suspicionsOf(second)).to.deep.equal([first]);
  });

  it('is one over all processes, and goes on in another when that one is gone', async () => {
    const mine = watch();
    await atHead();
    const theirs = watch();
    const first = await archived('2', 'C');
    const second = await archived('2', 'C');
    await until(async () => (await suspicionsOf(second)).length > 0);
    await until(async () => (await behind())[0] === 0);
    expect([theirs.position, await behind()]).to.deep.equal([undefined, [0, undefined]]);
    await mine.stop();
    const third = await archived('2', 'C');
    await until(async () => (await suspicionsOf(third)).length > 0);
    expect(await Promise.all([second, third].map(suspicionsOf))).to.deep.equal([[first], [first]]);
    expect(theirs.position).not.to.equal(undefined);
    await theirs.stop();
    expect(await behind(), 'nobody does it').to.deep.equal([undefined, undefined]);
  });
});

describe('a business key', () => {
  const facts = { issuer: { id: 'abc 010101aa0' }, series: ' F ', number: '7', total: toMoney('10.50'), currency: 'MXN' };
  it('is the same however its parts are written', () => {
    expect(businessKeyOf({ ...facts, issuer: { id: 'ABC 010101AA0' }, series: 'f', total: toMoney('10.5'), currency: 'mxn' })).to.equal(businessKeyOf(facts));
  });
  it('is another with another series, number, total or currency', () => {
    const others = [{ series: 'G' }, { number: '07' }, { total: toMoney('10.51') }, { currency: 'USD' }].map((change) => businessKeyOf({ ...facts, ...change }));
    expect(new Set([businessKeyOf(facts), ...others]).size).to.equal(5);
  });
  it('is none without an issuer, a number or a total', () => {
    const { number: _number, ...numberless } = facts;
    const { total: _total, ...unpriced } = facts;
    expect([businessKeyOf(numberless), businessKeyOf(unpriced), businessKeyOf({ ...facts, issuer: {} })]).to.deep.equal([undefined, undefined, undefined]);
  });
});
