import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InvoiceFact } from '#contracts/events/invoice.js';
import type { InvoiceId } from '#contracts/kernel/ids.js';
import { derivedUuid, toInvoiceId, toStreamId } from '#contracts/kernel/ids.js';
import { writeToken } from '#contracts/kernel/lane.js';
import type { Position } from '#contracts/kernel/position.js';
import { toMoney } from '#contracts/money.js';
import { SLOTS, slotOf } from '#contracts/routing.js';
import { laneOf } from '#contracts/topics.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { FolderObjectStore } from '#platform/object-store/folder.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { foldInvoice } from '../../../projections/role.js';
import { readSideRoutes, type ReadSideDependencies } from '../../../read-side/role.js';
import { serve, type Running } from '../../unit/http/support.js';
import { archived, factsOf, started, toNew } from '../../unit/projections/events.js';
import { caughtUp, Harness, type StartOptions } from '../projections/harness.js';
import { Proxy } from './proxy.js';

/** What a test says of one generated invoice; the rest is filled in. */
export interface Sample {
  readonly seed: number;
  readonly series?: string;
  readonly number?: string;
  readonly uuid?: string;
  readonly issuer?: { readonly id: string; readonly name: string };
  readonly receiver?: { readonly id: string; readonly name: string };
  readonly descriptions?: readonly string[];
  readonly total?: string;
  readonly currency?: string;
  readonly day?: string;
  readonly format?: 'cfdi-4.0' | 'ubl-2.1' | 'cii';
  /** Stops here; default archived. */
  readonly until?: 'created' | 'rejected' | 'archived' | 'cancelled';
  readonly codes?: readonly string[];
}

export const sampleId = (seed: number): InvoiceId => toInvoiceId(derivedUuid('read-side-test', String(seed)));
const streamOf = (seed: number) => toStreamId(`invoice-${sampleId(seed)}`);

/** The events of a generated invoice. */
export function eventsOf(sample: Sample): InvoiceFact[] {
  const { seed, until = 'archived', codes = [], day, total, format, series, number, issuer, receiver, descriptions, currency } = sample;
  const facts = {
    ...factsOf(seed), uuid: sample.uuid ?? sampleId(seed).toUpperCase(), ...(series !== undefined && { series }), ...(number !== undefined && { number }), ...(issuer && { issuer }),
    ...(receiver && { receiver }), ...(descriptions && { descriptions: [...descriptions] }), ...(total !== undefined && { total: toMoney(total) }), ...(currency !== undefined && { currency }),
    ...(format && { format }), ...(day !== undefined && { issuanceDay: day, dates: { issued: `${day}T10:00:00` } }),
  };
  const created: InvoiceFact = {
    type: 'fiscal.invoice.created',
    data: {
      identity: `test|${seed}`, claimed: true, channel: 'api', file: { kind: 'stored', sha256: 'a'.repeat(64) as never, size: 5_000, mediaType: 'application/xml' },
      claim: { issuer: facts.issuer, receiver: facts.receiver, taxes: [], amount: facts.total, currency: facts.currency },
    },
  };
  const verdict = {
    verdict: until === 'rejected' ? ('invalid' as const) : ('valid' as const), findingCounts: Object.fromEntries(codes.map((code) => [code, 1])),
    findings: codes.map((code) => ({ code, severity: 'error' as const, path: '/x', term: 'Total', expected: '1', found: '2', message: { es: 'mal', en: 'wrong' }, source: 'test' })),
    checked: ['totals'], notChecked: [], ruleSet: 'test@1', catalogueDate: 'none', durationUs: 10,
  };
  const judged = { attempt: 1, sha256: 'a'.repeat(64) as never, verdict, facts };
  if (until === 'created') return [created];
  if (until === 'rejected') return [created, started(), { type: 'fiscal.invoice.validation-failed', data: judged }];
  const done: InvoiceFact[] = [created, started(), { type: 'fiscal.invoice.validated', data: judged }, archived(seed)];
  return until === 'cancelled' ? [...done, { type: 'fiscal.invoice.cancelled', data: { motive: '02' } }] : done;
}

export interface BenchOptions extends StartOptions {
  readonly shards?: number;
  readonly dependencies?: Partial<ReadSideDependencies>;
  /** Where the readers go, when it is not the databases themselves. */
  readonly via?: (settings: ConnectionSettings) => Promise<ConnectionSettings>;
}

/** Projections on real databases and the read side behind a real server; requests come in over HTTP. */
export class ReadBench {
  private constructor(
    readonly harness: Harness, readonly worker: Awaited<ReturnType<Harness['start']>>, public running: Running, readonly objects: FolderObjectStore, readonly folder: string, readonly shards: Shards,
  ) {}

  static async open({ shards: count = 1, dependencies = {}, via = async (settings) => settings, ...options }: BenchOptions = {}): Promise<ReadBench> {
    const harness = await Harness.open(count);
    const worker = await harness.start(options);
    await caughtUp(worker, 'invoice-summary', 'invoice-search', 'users', 'daily-report');
    const folder = await mkdtemp(join(tmpdir(), 'folio-read-side-'));
    const objects = new FolderObjectStore(folder);
    const shards = new Shards({ shards: await Promise.all(harness.shardSettings.map(via)), slots: evenSlots(SLOTS, count), slotOf, readers: 4 });
    const draining = (): AbortSignal => running.server.draining;
    const routes = readSideRoutes({
      shards, pointer: worker.pointer, progress: worker.hub, log: harness.store, objects, cache: harness.cache, cacheFillMs: 60_000, foldInvoice, projections: () => worker.status(), draining, maxTails: 3, ...dependencies,
    });
    const running: Running = await serve(routes);
    return new ReadBench(harness, worker, running, objects, folder, shards);
  }

  /** The same read side, its queries on these shards. */
  async readFrom(shards: Shards): Promise<void> {
    const { harness, worker, objects } = this;
    await this.running.stop();
    const draining = (): AbortSignal => this.running.server.draining;
    this.running = await serve(readSideRoutes({
      shards, pointer: worker.pointer, progress: worker.hub, log: harness.store, objects, cache: harness.cache, cacheFillMs: 60_000, foldInvoice, projections: () => worker.status(), draining, maxTails: 3,
    }));
  }

  /** Readers reach their databases through proxies that the test can cut; the workers do not. */
  static async behindProxies(shards: number): Promise<{ readonly bench: ReadBench; readonly proxies: readonly Proxy[] }> {
    const proxies = new Map<string, Proxy>();
    const via = async (settings: ConnectionSettings): Promise<ConnectionSettings> => {
      const proxy = await Proxy.before(settings);
      proxies.set(settings.database, proxy);
      return proxy.settings;
    };
    const bench = await ReadBench.open({ shards, via });
    return { bench, proxies: bench.shards.settings.flatMap(({ database }) => proxies.get(database) ?? []) };
  }

  /** Appends the invoices (each issuer's rows on the shard of its key) and waits until all views have them. */
  async given(samples: readonly Sample[]): Promise<void> {
    for (const sample of samples) await this.append(sample);
    await this.caughtUp();
  }

  async append(sample: Sample, shardKey = `issuer-${sample.seed}`): Promise<Position> {
    const stream = streamOf(sample.seed);
    const routed = { shardKey, month: `${(sample.day ?? '2026-03-01').slice(0, 7)}-01` };
    const minute = String(sample.seed % 60).padStart(2, '0');
    const events = eventsOf(sample).map((fact, index) => ({ ...toNew(stream, index, fact, routed), occurredAt: `2026-03-05T12:${minute}:0${index}.${sample.seed % 2 === 0 ? '250' : '5'}Z` }));
    const result = await this.harness.store.append(stream, 'none', events);
    if (result.outcome !== 'appended') throw new Error('the sample is there already');
    return result.position;
  }

  caughtUp = (): Promise<void> => caughtUp(this.worker, 'invoice-summary', 'invoice-search', 'users', 'daily-report');

  /** Token of a write to the invoice. */
  token = (seed: number, position: Position): string => writeToken([{ position, lane: laneOf('fiscal.invoice.created', streamOf(seed)) }]);

  get(path: string, { role = 'viewer', ...headers }: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.running.url}${path}`, { headers: { authorization: `Bearer role.${role}`, ...headers } });
  }

  async json<Body>(path: string, headers: Record<string, string> = {}): Promise<Body> {
    const answer = await this.get(path, headers);
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Body;
  }

  /** Status and problem code of a refused read. */
  async refusal(path: string, headers: Record<string, string> = {}): Promise<[number, string]> {
    const answer = await this.get(path, headers);
    const body = (await answer.json()) as { code?: string };
    return [answer.status, body.code ?? 'no code'];
  }

  async close(): Promise<void> {
    await this.running.stop();
    await this.shards.close();
    await this.harness.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
