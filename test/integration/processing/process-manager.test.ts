import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { problem } from '#contracts/errors.js';
import { randomUuid, toSha256, type Sha256 } from '#contracts/kernel/ids.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import { toMoney } from '#contracts/money.js';
import { submitClaim, submitDocument, invoiceStream, type Submitted } from '../../../write-side/intake/submit.js';
import { handleCommand } from '../../../write-side/handle-command.js';
import { invoiceDecider } from '../../../write-side/invoice/decide.js';
import type { ProcessManager } from '../../../write-side/processing/process-manager.js';
import { retriesExhausted, retryDelayMs, RETRY_LIMITS } from '../../../write-side/processing/retry.js';
import type { DocumentSource } from '../../../write-side/processing/sources/port.js';
import { judgePlain, plainDocuments, ProcessingBench, readPlain, someContext } from '../../support/processing.js';
import { codeOf, until } from '../../support/until.js';

const hashOf = (text: string): Sha256 => toSha256(createHash('sha256').update(text).digest('hex'));
const uuid = (): string => randomUuid().toUpperCase();

describe('the processing manager', () => {
  let bench: ProcessingBench;
  const managers: ProcessManager[] = [];
  const start = (...options: Parameters<ProcessingBench['manager']>): ProcessManager => {
    const manager = bench.manager(...options);
    managers.push(manager);
    return manager;
  };
  beforeEach(async () => { bench = await ProcessingBench.open(); });
  afterEach(async () => {
    for (const manager of managers.splice(0)) await manager.stop();
    await bench.close();
  });
  const upload = (text: string): Promise<Submitted> =>
    submitDocument({ store: bench.store, objects: bench.objects, documents: plainDocuments, maxDocumentBytes: 1_000 }, { bytes: Buffer.from(text), mediaType: 'application/xml', channel: 'upload' }, someContext());
  const announce = (fileUrl: string, text: string): Promise<Submitted> =>
    submitClaim(bench, { claim: { uuid: uuid(), issuer: {}, receiver: {}, taxes: [], amount: toMoney('1') }, fileUrl, checksum: hashOf(text) }, someContext());
  const source = (fetch: (url: string, call: number) => Readable | Error): DocumentSource & { calls: number } => ({
    schemes: ['https:'], calls: 0,
    async fetch(url, consume) {
      this.calls += 1;
      const answer = fetch(url, this.calls);
      if (answer instanceof Error) throw answer;
      return consume(answer);
    },
  });

  it('archives a good upload by itself and keeps its very bytes', async () => {
    start();
    const text = `${uuid()}|1`;
    const { id } = await upload(text);
    expect(await bench.settled(id, 'archived')).to.deep.equal(['created', 'processing-started', 'validated', 'archived']);
    expect(Buffer.from((await bench.objects.get(hashOf(text))) ?? []).toString()).to.equal(text);
    await until(async () => (await bench.table.count()) === 0);
  });

  it('works through more than memory holds, found in the log and found in the table, each once', async () => {
    // Story: 2,500 documents wait when the processor starts. It reads the log faster than it works, forgets what is too much and finds it in
    // the table again; another processor takes over in the middle.
    const waiting = 2_500;
    for (let index = 0; index < waiting; index += 1) await upload(`BAD-${index}-${uuid()}|1`);
    const first = start({ concurrency: 16 });
    await until(async () => (await bench.store.readAll(ORIGIN, { filter: { types: ['fiscal.invoice.validation-failed'] }, limit: 1_200 })).events.length >= 1_200);
    await first.stop();
    start({ concurrency: 16 });
    await until(async () => (await bench.table.count()) === 0);
    const { events } = await bench.store.readAll(ORIGIN, { filter: { types: ['fiscal.invoice.validation-failed'] }, limit: 10_000 });
    expect(events).to.have.length(waiting);
    expect(new Set(events.map(({ stream }) => stream)).size).to.equal(waiting);
  }).timeout(120_000);

  it('rejects a bad one, keeps its original, and repeats it only when told to', async () => {
    start();
    const text = 'BAD-1|1';
    const { id } = await upload(text);
    expect(await bench.settled(id, 'validation-failed')).to.deep.equal(['created', 'processing-started', 'validation-failed']);
    expect(await bench.objects.has(hashOf(text))).to.equal(true);
    await handleCommand(bench.store, invoiceDecider, invoiceStream(id), { kind: 'reprocess' }, someContext());
    await until(async () => (await bench.history(id)).length === 6);
    expect((await bench.history(id)).slice(3)).to.deep.equal(['resubmitted', 'processing-started', 'validation-failed']);
  });

  it('lets a genuine document in after a forged one with the same identity, whenever it comes', async () => {
    const name = uuid();
    const documents: typeof plainDocuments = {
      read: readPlain,
      judge: async (bytes) => {
        const read = readPlain(bytes);
        const isGenuine = Buffer.from(bytes).includes('genuine');
        return judgePlain(read.kind === 'document' && !isGenuine ? { ...read, facts: { ...read.facts, uuid: 'BAD' } } : read);
      },
    };
    const submit = (text: string): Promise<Submitted> => submitDocument({ store: bench.store, objects: bench.objects, documents, maxDocumentBytes: 1_000 }, { bytes: Buffer.from(text), mediaType: 'application/xml', channel: 'upload' }, someContext());
    const { id } = await submit(`${name}|forged`);
    expect(await codeOf(submit(`${name}|genuine`))).to.equal('invoice-identity-conflict');
    start({ documents });
    expect(await bench.settled(id, 'archived')).to.deep.equal(['created', 'copy-received', 'processing-started', 'validation-failed', 'resubmitted', 'processing-started', 'validated', 'archived']);
    expect((await submit(`${name}|genuine`)).outcome).to.equal('duplicate');
    expect(await codeOf(submit(`${name}|forged`))).to.equal('invoice-identity-conflict');
  });

  it('says of unreadable uploads what they are and keeps nothing of them', async () => {
    expect(await codeOf(upload('nothing'))).to.equal('document-unreadable');
    expect(await bench.objects.has(hashOf('nothing'))).to.equal(false);
    expect(await codeOf(upload(`${'x'.repeat(1_000)}|1`))).to.equal('body-too-large');
  });

  it('fetches a claimed file once, holds it against its declared hash, and archives it', async () => {
    const text = `${uuid()}|1`;
    const web = source(() => Readable.from([Buffer.from(text)]));
    start({ sources: [web] });
    const { id } = await announce('https://files.example/a.xml', text);
    expect(await bench.settled(id, 'archived')).to.deep.equal(['created', 'processing-started', 'validated', 'archived']);
    expect(web.calls).to.equal(1);
  });

  it('ends at once on a lying checksum and on an address that is not allowed', async () => {
    start({ sources: [source((url) => (url.includes('private') ? problem('url-not-allowed', { reason: 'private' }) : Readable.from([Buffer.from('other')])))] });
    const lying = await announce('https://files.example/a.xml', 'declared');
    expect(await bench.settled(lying.id, 'failed')).to.deep.equal(['created', 'processing-started', 'failed']);
    const [, , failed] = await bench.store.readStream(invoiceStream(lying.id));
    expect(failed?.data).to.include({ code: 'checksum-mismatch', found: hashOf('other'), declared: hashOf('declared'), retriesExhausted: false });
    const closed = await announce('https://private.example/a.xml', 'declared');
    expect(await bench.settled(closed.id, 'failed')).to.have.length(3);
    expect(await bench.objects.has(hashOf('other'))).to.equal(false);
  });

  it('repeats a technical cause with growing pauses, and goes on where it stood', async () => {
    const text = `${uuid()}|1`;
    const web = source((_url, call) => (call < 3 ? problem('fetch-failed', { reason: 'the host answered 503' }) : Readable.from([Buffer.from(text)])));
    start({ sources: [web] });
    const { id } = await announce('https://files.example/a.xml', text);
    expect(await bench.settled(id, 'archived')).to.deep.equal(['created', 'processing-started', 'retry-scheduled', 'retry-scheduled', 'validated', 'archived']);
    expect(web.calls).to.equal(3);
  });

  it('keeps its retry timers over a restart', async () => {
    const text = `${uuid()}|1`;
    const first = start({ sources: [source(() => problem('fetch-failed', { reason: 'down' }))] });
    const { id } = await announce('https://files.example/a.xml', text);
    await bench.settled(id, 'retry-scheduled');
    await first.stop();
    expect(await bench.table.count()).to.equal(1);
    start({ sources: [source(() => Readable.from([Buffer.from(text)]))] });
    expect((await bench.settled(id, 'archived')).at(-1)).to.equal('archived');
  });

  it('leaves nothing in processing when it died between any two steps', async () => {
    // Story: the processor is killed after each of its steps in turn. The next one finds the work item, repeats the step, and every step
    // recognises what was done by its event id.
    for (const step of ['processing-started', 'validated']) {
      const text = `${uuid()}|${step}`;
      const { id } = await upload(text);
      let died = false;
      const dying = start({
        store: Object.assign(Object.create(bench.store) as typeof bench.store, {
          append: async (...args: Parameters<typeof bench.store.append>) => {
            if (died) return new Promise<never>(() => undefined);
            const result = await bench.store.append(...args);
            if (args[2][0]?.type === `fiscal.invoice.${step}`) died = true;
            return died ? new Promise<never>(() => undefined) : result;
          },
          readStream: bench.store.readStream.bind(bench.store), subscribe: bench.store.subscribe.bind(bench.store), status: bench.store.status.bind(bench.store),
        }),
      });
      await until(() => died);
      managers.splice(managers.indexOf(dying), 1);
      void dying.stop();
      const next = start();
      expect(await bench.settled(id, 'archived')).to.deep.equal(['created', 'processing-started', 'validated', 'archived']);
      await next.stop();
    }
  });

  it('does not let one slow host hold up the others or its own checkpoint', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => { release = resolve; });
    const text = `${uuid()}|1`;
    const slow: DocumentSource = { schemes: ['https:'], fetch: async (_url, consume) => { await gate; return consume(Readable.from([Buffer.from(text)])); } };
    const manager = start({ sources: [slow], concurrency: 2 });
    const waiting = await announce('https://slow.example/a.xml', text);
    const { id, position } = await upload(`${uuid()}|1`);
    await bench.settled(id, 'archived');
    await until(() => Number(manager.position) >= Number(position));
    expect((await bench.history(waiting.id)).at(-1)).to.equal('processing-started');
    release();
    await bench.settled(waiting.id, 'archived');
  });
});

describe('the retry schedule', () => {
  it('grows from 100 ms to 30 s with jitter', () => {
    expect([0, 1, 4, 20].map((retries) => [retryDelayMs(retries, 0), retryDelayMs(retries, 0.999_999)])).to.deep.equal([[100, 100], [100, 200], [800, 1_600], [15_000, 30_000]]);
  });
  it('ends after eight times or a day', () => {
    const now = new Date('2026-03-02T12:00:00Z');
    expect(retriesExhausted(RETRY_LIMITS.maxRetries - 1, new Date('2026-03-02T11:00:00Z'), now)).to.equal(false);
    expect(retriesExhausted(RETRY_LIMITS.maxRetries, null, now)).to.equal(true);
    expect(retriesExhausted(1, new Date('2026-03-01T11:59:00Z'), now)).to.equal(true);
  });
});
