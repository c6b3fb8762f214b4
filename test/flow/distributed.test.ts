import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { verifyBackup } from '#platform/backup/folder.js';
import { ApiProblem } from '../../cli/client.js';
import { backup } from '../../cli/commands/backup.js';
import { projectionStatus } from '../../cli/commands/look.js';
import { generatedCfdi } from '../../cli/demo/index.js';
import { describeWith } from '../support/engines.js';
import { OtlpReceiver } from '../support/otlp.js';
import { TestSystem } from '../support/distributed.js';
import { EventStoreDouble } from '../support/eventstoredb/double.js';
import { allRows, expectRowsAreFolds } from '../support/oracle.js';
import { untilSeen } from '../support/until.js';

describeWith('kafka', 'every role as a process of its own', (address) => {
  let collector: OtlpReceiver;
  let folio: TestSystem;
  before(async function () {
    this.timeout(240_000);
    expect(address()).not.to.equal('');
    collector = await OtlpReceiver.start();
    const otlp = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_BSP_SCHEDULE_DELAY: '100' };
    folio = await TestSystem.start(['opensearch', 'redis'], undefined, otlp);
  });
  after(async function () {
    this.timeout(60_000);
    await folio.stop();
    await collector.stop();
  });

  it('leaves one trace from the request through command API, processor, relay and worker to the row', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const sent = await folio.client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index: 1 })), { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    const services = (): readonly string[] => [...new Set(collector.spans.filter((span) => span.traceId === traceId).map(({ service }) => service))].sort();
    const names = (): ReadonlySet<string> => new Set(collector.spans.filter((span) => span.traceId === traceId).map(({ name }) => name));
    await untilSeen(async () => services().length >= 5 && ['archive', 'publish', 'project'].every((name) => names().has(name)));
    expect(services()).to.deep.equal(['folio-command-api', 'folio-gateway', 'folio-processor', 'folio-relay', 'folio-worker']);
    expect([...names()]).to.include.members(['POST /api/v1/invoices', 'append', 'validate', 'archive', 'publish', 'project']);
    const token = sent.headers.get('folio-position') ?? '';
    expect((await folio.client.get<{ id: string }>(`/api/v1/invoices/${sent.body.id}`, { 'folio-position': token, prefer: 'handling=strict' })).body.id).to.equal(sent.body.id);
  });

  it('answers a read and a search that carry the token of a command', async () => {
    const { body, headers } = await folio.client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index: 2 })), {});
    const token = headers.get('folio-position') ?? '';
    const read = await folio.client.get<{ id: string }>(`/api/v1/invoices/${body.id}`, { 'folio-position': token, prefer: 'handling=strict' });
    expect(read.body.id).to.equal(body.id);
    const found = await folio.client.get<{ items: { invoice: { id: string } }[] }>(`/api/v1/search?q=${body.id}`, { 'folio-position': token, prefer: 'handling=strict' });
    expect(found.body.items.map(({ invoice }) => invoice.id)).to.deep.equal([body.id]);
  });

  it('serves metrics and health from every role', async () => {
    for (const [name, child] of folio.system.children) {
      const { url } = await child.ready();
      for (const path of ['/metrics', '/health/live', '/health/ready']) expect((await fetch(url + path)).status, `${name}${path}`).to.equal(200);
    }
    const relay = await (await fetch(`${(await folio.child('relay').ready()).url}/metrics`)).text();
    for (const metric of ['relay_seconds_behind', 'relay_events_behind', 'relay_events_total']) expect(relay).to.include(metric);
  });

  it('rebuilds table, index and all while documents come in, and every row stays the fold of its stream', async () => {
    const importing = Promise.all(Array.from({ length: 60 }, (_, index) => folio.client.postXml('/api/v1/invoices', Buffer.from(generatedCfdi({ index: 100 + index })), {})));
    for (const name of ['invoice-summary', 'invoice-search']) {
      const generation = (await projectionStatus(folio.client)).find((one) => one.name === name)?.generation ?? 0;
      await folio.client.post(`/api/v1/projections/${name}/rebuild`, {});
      await untilSeen(async () => (await projectionStatus(folio.client)).find((one) => one.name === name)?.generation === generation + 1);
    }
    await importing;
    await untilSeen(async () => (await projectionStatus(folio.client)).every(({ eventsBehind }) => eventsBehind === 0));
    const rows = await expectRowsAreFolds(folio.client);
    await untilSeen(async () => (await folio.client.get<{ total: number }>('/api/v1/search?q=demo&limit=1')).body.total === rows.length);
  }).timeout(120_000);

  it('tells of the relay beside the projections', async () => {
    const { relays } = (await folio.client.get<{ relays: { name: string; state: string; parked: number }[] }>('/api/v1/projections')).body;
    expect(relays).to.have.length(1);
    expect(relays[0]).to.deep.include({ name: 'main', state: 'running', parked: 0 });
  });

  it('tells of workers in other processes: state, outcomes, and who holds each lane', async () => {
    const projections = async (): ReturnType<typeof projectionStatus> => projectionStatus(folio.client);
    await untilSeen(async () => (await projections()).every(({ state, workers, lanes }) => state === 'running' && workers === 1 && lanes.length > 0 && lanes.every(({ owner }) => owner !== null)));
    for (const { name, outcomes, silentSeconds, stalled, parkedStreams } of await projections()) {
      expect(outcomes.applied, name).to.be.greaterThan(0);
      expect(silentSeconds, name).to.be.within(0, 5);
      expect([stalled, parkedStreams], name).to.deep.equal([false, 0]);
    }
  });

  it('describes both APIs at one address', async () => {
    const { body } = await folio.client.get<{ paths: Record<string, Record<string, unknown>> }>('/openapi.json');
    expect(Object.keys(body.paths['/api/v1/invoices'] ?? {})).to.include.members(['get', 'post']);
  });

  it('gives its backup through the gateway while documents come in', async () => {
    const root = await mkdtemp(join(tmpdir(), 'folio-distributed-backup-'));
    const importing = Promise.all(Array.from({ length: 40 }, (_, index) => folio.client.postXml('/api/v1/invoices', Buffer.from(generatedCfdi({ index: 300 + index })), {})));
    const { events, leftOut } = await backup(folio.client, join(root, 'backup'));
    await importing;
    expect([events > 0, leftOut]).to.deep.equal([true, []]);
    expect(await verifyBackup(join(root, 'backup'))).to.have.nested.property('log.events', events);
    await rm(root, { recursive: true, force: true });
  }).timeout(60_000);

  it('says which API does not answer', async () => {
    folio.child('command-api').kill('SIGSTOP');
    const health = await fetch(`${folio.system.gateway.url}/health/ready`);
    folio.child('command-api').kill('SIGCONT');
    expect(health.status).to.equal(503);
    expect(((await health.json()) as { checks: Record<string, { ok: boolean }> }).checks['command-api']?.ok).to.equal(false);
  });
});

describeWith('kafka', 'the same roles on EventStoreDB (a double of it, over real gRPC)', (address) => {
  let double: EventStoreDouble;
  let folio: TestSystem;
  before(async function () {
    this.timeout(120_000);
    expect(address()).not.to.equal('');
    double = await EventStoreDouble.start();
    folio = await TestSystem.start([], undefined, { FOLIO_EVENT_STORE: double.connectionString });
  });
  after(async function () {
    this.timeout(60_000);
    await folio.stop();
    await double.stop();
  });

  it('take documents in, relay them, and make every row the fold of its stream', async () => {
    const documents = 40;
    await Promise.all(Array.from({ length: documents }, (_, index) => folio.client.postXml('/api/v1/invoices', Buffer.from(generatedCfdi({ index })), {})));
    await untilSeen(async () => (await allRows(folio.client)).filter(({ status }) => status === 'archived').length === documents);
    expect(await expectRowsAreFolds(folio.client)).to.have.length(documents);
    const positions = (await projectionStatus(folio.client)).map(({ position }) => BigInt(position));
    // Log offsets, not a count of events.
    expect(positions.some((position) => position > BigInt(documents * 100))).to.equal(true);
  }).timeout(60_000);

  it('say that the backup of that log is the backup of its server', async () => {
    const folder = join(tmpdir(), `folio-no-backup-${process.pid}`);
    const refused = await backup(folio.client, folder).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(ApiProblem).with.nested.property('document.code', 'backup-impossible');
    expect([(refused as ApiProblem).message.includes('EventStoreDB'), existsSync(folder)]).to.deep.equal([true, false]);
  });
});
