import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { randomUuid, toSha256 } from '#contracts/kernel/ids.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import { toMoney } from '#contracts/money.js';
import { withSpan } from '#platform/telemetry/span.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { submitClaim } from '../../../write-side/intake/submit.js';
import { Harness } from '../projections/harness.js';
import { ProcessingBench, someContext } from '../../support/processing.js';
import { until } from '../../support/until.js';

describe('one trace from the request to the row', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  let bench: ProcessingBench;
  let harness: Harness;
  before(async () => {
    trace.setGlobalTracerProvider(provider);
    bench = await ProcessingBench.open();
    harness = await Harness.open();
  });
  after(async () => {
    await harness.close();
    await bench.close();
    trace.disable();
    await provider.shutdown();
  });

  it('holds decide, append, download, validate, compress, archive and project, all below the request', async () => {
    const { store } = harness;
    const worker = await harness.start({ projections: [INVOICE_SUMMARY] });
    const text = `${randomUuid().toUpperCase()}|1`;
    const source = { schemes: ['https:'], fetch: <Result>(_url: string, consume: (body: Readable) => Promise<Result>) => consume(Readable.from([Buffer.from(text)])) };
    const manager = bench.manager({ store, sources: [source], trace: (name, parent, work) => withSpan(name, {}, parent ?? undefined, work) });
    const checksum = toSha256(createHash('sha256').update(text).digest('hex'));
    const claim = { uuid: randomUuid().toUpperCase(), issuer: {}, receiver: {}, taxes: [], amount: toMoney('1') };
    await withSpan('request', {}, undefined, (traceparent) => submitClaim({ store }, { claim, fileUrl: 'https://files.example/a.xml', checksum }, { ...someContext(), traceparent }));
    await until(async () => (await store.readAll(ORIGIN)).events.some(({ type }) => type === 'fiscal.invoice.archived'));
    await until(async () => (await worker.status())[0]?.eventsBehind === 0);
    await manager.stop();
    const spans = exporter.getFinishedSpans();
    const request = spans.find(({ name }) => name === 'request');
    const traceId = request?.spanContext().traceId;
    const below = spans.filter((span) => span !== request);
    expect(new Set(below.map(({ name }) => name))).to.deep.equal(new Set(['decide', 'append', 'download', 'validate', 'compress', 'archive', 'project']));
    for (const span of below) {
      expect(span.spanContext().traceId, span.name).to.equal(traceId);
      expect(span.parentSpanContext?.spanId, span.name).to.equal(request?.spanContext().spanId);
    }
  });
});
