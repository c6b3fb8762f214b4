import { createServer } from 'node:http';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect } from 'chai';
import { platformProblem } from '#contracts/kernel/errors.js';
import { createLogger } from '#platform/logger.js';
import { withSpan } from '#platform/telemetry/span.js';
import { startTelemetry } from '#platform/telemetry/start.js';
import { parseTraceparent } from '#platform/telemetry/traceparent.js';

const logger = createLogger({ level: 'silent' });
const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('A span', () => {
  it('hands on the traceparent of its parent while no SDK is loaded', async () => {
    expect(await withSpan('decide', {}, PARENT, (traceparent) => traceparent)).to.equal(PARENT);
    expect(await withSpan('decide', {}, undefined, (traceparent) => parseTraceparent(traceparent))).to.have.property('traceId').with.length(32);
  });

  describe('with an SDK', () => {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    before(() => void trace.setGlobalTracerProvider(provider));
    after(async () => {
      trace.disable();
      await provider.shutdown();
    });
    beforeEach(() => exporter.reset());

    it('makes a tree through nothing but traceparents', async () => {
      await withSpan('request', {}, PARENT, (outer) => withSpan('decide', { 'folio.stream': 'user' }, outer, () => undefined));
      const [decide, request] = exporter.getFinishedSpans();
      expect([decide?.name, request?.name]).to.deep.equal(['decide', 'request']);
      expect(decide?.parentSpanContext?.spanId).to.equal(request?.spanContext().spanId);
      expect(request?.parentSpanContext?.spanId).to.equal('b7ad6b7169203331');
      expect(decide?.spanContext().traceId).to.equal('0af7651916cd43dd8448eb211c80319c');
      expect(decide?.attributes).to.deep.equal({ 'folio.stream': 'user' });
    });

    it('is marked by the code of the failure, not by its text', async () => {
      await withSpan('append', {}, undefined, () => Promise.reject(platformProblem('store-unavailable'))).catch(() => undefined);
      const [append] = exporter.getFinishedSpans();
      expect(append?.status.code).to.equal(2);
      expect(append?.attributes).to.deep.equal({ 'error.type': 'store-unavailable' });
    });
  });
});

describe('Telemetry', () => {
  it('loads nothing without an address', async () => {
    const telemetry = await startTelemetry({ serviceName: 'folio', logger });
    expect(trace.getTracer('t').startSpan('s').isRecording()).to.equal(false);
    await telemetry.stop();
  });

  it('sends its spans by OTLP to the address', async () => {
    const received: string[] = [];
    const collector = createServer((request, response) => { received.push(request.url ?? ''); request.resume().on('end', () => response.end()); });
    await new Promise<void>((resolve) => { collector.listen(0, '127.0.0.1', resolve); });
    const address = collector.address();
    const before = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
    delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
    try {
      const endpoint = `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`;
      const telemetry = await startTelemetry({ endpoint, serviceName: 'folio', logger });
      await withSpan('append', {}, undefined, () => undefined);
      await telemetry.stop();
      expect(received).to.deep.equal(['/v1/traces']);
    } finally {
      if (before === undefined) delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
      else process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = before;
      trace.disable();
      collector.close();
      collector.closeAllConnections();
    }
  });
});
