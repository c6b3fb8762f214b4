import { definitionOf } from '#contracts/events/index.js';
import { timingSafeEqual } from 'node:crypto';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { SLOTS, slotOf } from '#contracts/routing.js';
import { MemoryCache } from '#platform/cache/memory.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import { startCluster } from '#platform/embedded-postgres/cluster.js';
import { PersonalDataStore, PLAIN_CODEC } from '#platform/event-store/personal.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { bearerToken, createAuthenticator, type Authenticate } from '#platform/http/authenticate.js';
import { createMetrics } from '#platform/http/metrics.js';
import { createRateLimiter } from '#platform/http/rate-limit.js';
import type { Principal, Route } from '#platform/http/route.js';
import { createHttpServer, type HttpServer } from '#platform/http/server.js';
import { createLogger, type Logger } from '#platform/logger.js';
import { FolderObjectStore } from '#platform/object-store/folder.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { pause } from '#platform/wake.js';
import { startTelemetry } from '#platform/telemetry/start.js';
import { projectionRoutes } from '../../projections/api.js';
import { startProjections } from '../../projections/role.js';
import { readSideRoutes } from '../../read-side/role.js';
import { startWriteSide, type WriteSide } from '../../write-side/role.js';
import type { FolioSettings } from '../config.js';
import { newOperatorToken, type DataFolder } from '../data-folder.js';
import { openDatabases } from './databases.js';
import { instrument } from './instrument.js';
import { recordSwitch } from './record-switch.js';
import { systemRoutes } from './system-routes.js';

export interface Instance {
  readonly url: string;
  readonly write: WriteSide;
  readonly logger: Logger;
  /** In-flight requests finish (bounded), appends flush, lanes are released, Postgres stops, the lock goes. */
  stop(): Promise<void>;
}

/** Every role of Folio in this process, on an embedded Postgres. What was started is stopped in reverse when a later step fails. */
export async function startInstance(settings: FolioSettings, data: DataFolder): Promise<Instance> {
  const logger = createLogger({ level: settings.logLevel });
  const undo: (() => Promise<unknown>)[] = [() => data.release()];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step().catch((error: unknown) => logger.error({ err: error }, 'a part did not stop cleanly'));
  };
  try {
    return await compose(settings, data, logger, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function compose(settings: FolioSettings, data: DataFolder, logger: Logger, undo: (() => Promise<unknown>)[], stop: () => Promise<void>): Promise<Instance> {
  const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const telemetry = await startTelemetry({ serviceName: 'folio', logger, ...(endpoint !== undefined && endpoint !== '' && { endpoint }) });
  undo.push(() => telemetry.stop());
  const cluster = await startCluster({ folder: data.file('postgres') });
  undo.push(() => cluster.stop());
  const databases = await openDatabases(cluster);
  const metrics = createMetrics();
  const personal = { codec: PLAIN_CODEC, fieldsOf: (type: string): readonly string[] => definitionOf(type)?.personal ?? [] };
  const store = instrument(new PersonalDataStore(new PostgresEventStore({ append: databases.append, read: databases.readLog }), personal), metrics);
  undo.push(() => store.close());
  const rebuildStore = new PersonalDataStore(new PostgresEventStore({ read: databases.readLog, readers: 2 }), personal);
  undo.push(() => rebuildStore.close());
  const objects = new FolderObjectStore(data.file('objects'));
  const write = await startWriteSide({
    store, objects, logger, database: databases.write, keyFolder: data.file('keys'),
    admin: { email: settings.adminEmail, ...(settings.adminPassword !== undefined && { password: settings.adminPassword }) },
    maxDocumentBytes: settings.maxDocumentBytes, maxFiles: settings.maxFiles, processingConcurrency: settings.processing, retentionYears: settings.retentionYears,
    fetchFolders: settings.fetchFolders, fetchPrivateHosts: settings.fetchPrivateHosts, ...store.processingHooks,
  });
  undo.push(() => write.stop());
  const control = new ControlDatabase(databases.control);
  undo.push(() => control.close());
  const shards = new Shards({ shards: databases.shards, slots: evenSlots(SLOTS, databases.shards.length), slotOf });
  undo.push(() => shards.close());
  const pointer = new Pointer(control, 'main');
  const progress = new ProgressHub();
  const cache = new MemoryCache<InvoiceSummary>({ maxBytes: settings.cacheBytes, sizeOf: (row) => JSON.stringify(row).length * 2 });
  const projections = await startProjections({
    eventStore: store, rebuildStore, shards, control, pointer, progress, cache, logger, hooks: store.projectionHooks, owner: 'embedded', recordSwitch: recordSwitch(store),
  });
  undo.push(() => projections.stop());
  await generationsMade(pointer, Object.keys(projections.workers()));
  store.watch(projections, write);
  const operatorToken = newOperatorToken();
  const authenticate = withOperator(createAuthenticator(write.tokens), operatorToken);
  let server: HttpServer | undefined = undefined;
  const draining = (): AbortSignal => server?.draining ?? AbortSignal.abort();
  const routes: Route[] = [
    ...write.routes,
    ...readSideRoutes({ shards, pointer, progress, log: store, objects, cache, cacheFillMs: 60_000, projections: () => projections.status(), draining, maxTails: 200 }),
    ...projectionRoutes(() => projections, (error) => logger.error({ err: error }, 'a rebuild failed')),
    ...systemRoutes({ metrics, store, write, shards, objects, workers: () => projections.workers(), routes: () => routes }),
  ];
  server = createHttpServer({ routes, authenticate, logger, metrics, rateLimiter: createRateLimiter(rateLimits(settings)) });
  const port = await server.listen(settings.port, settings.host);
  undo.push(() => (server ? server.close(settings.drainMs) : Promise.resolve()));
  const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  await data.announce(url, operatorToken);
  return { url, write, logger, stop };
}

const rateLimits = ({ rateFree, rateStandard, rateEnterprise }: FolioSettings) => {
  const perMinute = (requests: number) => ({ requests, seconds: 60 });
  return { anonymous: perMinute(rateFree), free: perMinute(rateFree), standard: perMinute(rateStandard), enterprise: perMinute(rateEnterprise), operator: perMinute(10_000_000) };
};

const OPERATOR: Principal = { userId: 'operator', role: 'admin', tier: 'operator', tokenId: 'operator' };

/** The command line on this machine comes in with the key of `run.json`; everybody else with a token. */
function withOperator(authenticate: Authenticate, operatorToken: string): Authenticate {
  const expected = Buffer.from(operatorToken);
  return async (request) => {
    const given = Buffer.from(bearerToken(request));
    return given.length === expected.length && timingSafeEqual(given, expected) ? OPERATOR : authenticate(request);
  };
}

/** First start: readers find nothing before each projection has its first generation. */
async function generationsMade(pointer: Pointer, projections: readonly string[]): Promise<void> {
  const limit = AbortSignal.timeout(GENERATIONS_LIMIT_MS);
  while (!projections.every((name) => pointer.generationOf(name) !== undefined)) {
    if (limit.aborted) throw new Error('the projections did not make their first generations in time');
    await pause(5, limit);
  }
}
const GENERATIONS_LIMIT_MS = 30_000;
