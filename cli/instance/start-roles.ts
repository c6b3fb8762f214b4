import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { problem } from '#contracts/errors.js';
import { PARTITIONS } from '#contracts/topics.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { SEARCH_DOCUMENT_MAPPING, searchIndexName } from '#contracts/read-models/search-document.js';
import { MemoryCache } from '#platform/cache/memory.js';
import type { Cache } from '#platform/cache/port.js';
import { Leases } from '#platform/control/leases.js';
import { RelayBoard } from '#platform/control/relay-board.js';
import type { Feed } from '#platform/feed/port.js';
import type { HealthCheck } from '#platform/health.js';
import type { Activity } from '#platform/http/activity.js';
import type { TokenVerifier } from '#platform/http/authenticate.js';
import type { Route } from '#platform/http/route.js';
import type { Logger } from '#platform/logger.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import { RecentObjects } from '#platform/object-store/recent.js';
import { parseS3Address } from '#platform/object-store/s3-address.js';
import { pollProgress } from '#platform/progress/poller.js';
import { startGateway } from '../../gateway/role.js';
import { auditRoutes } from '../../projections/audit-api.js';
import { projectionRoutes } from '../../projections/api.js';
import { quarantineRoutes } from '../../projections/quarantine-api.js';
import { foldInvoice, indexedSearch, INVOICE_SEARCH, INVOICE_SUMMARY, ROW_PROJECTIONS, sharedCache, startProjections, TOPIC_RULES, type ProjectionsHandle, type StoredProjection } from '../../projections/role.js';
import { ElasticSearch, readSideRoutes } from '../../read-side/role.js';
import { JudgingPool, prepareTopics, Relay, startCommandApi, startProcessing, startTokenVerifier, type CommandApi, type Documents } from '../../write-side/role.js';
import { backupRoute } from '../backup/route.js';
import { catalogueData } from '../catalogues.js';
import type { FolioSettings } from '../config.js';
import { trustFiles } from '../trust.js';
import type { Backends } from './backends.js';
import { recordSkip } from './record-skip.js';
import { recordSwitch } from './record-switch.js';
import type { RoleSet } from './roles.js';
import { sftpHosts } from './sftp-hosts.js';

export interface RolesContext {
  readonly settings: FolioSettings;
  readonly roles: RoleSet;
  /** Of the role `worker`: those that run here (default: all). */
  readonly projections?: readonly string[];
  /** The name under which this process leases; the same after a restart only where no other process can have it. */
  readonly owner?: string;
  readonly backends: Backends;
  /** Requests to this process. */
  readonly activity: Activity;
  readonly logger: Logger;
  readonly onStarted: (stop: () => Promise<unknown>) => void;
  readonly draining: () => AbortSignal;
}

/** What the started roles give to the process's server. */
export interface StartedRoles {
  readonly routes: readonly Route[];
  readonly tokens: TokenVerifier | undefined;
  readonly api: CommandApi | undefined;
  readonly projections: ProjectionsHandle | undefined;
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

interface Draft {
  readonly routes: Route[];
  readonly checks: Record<string, HealthCheck>;
  tokens?: TokenVerifier;
  api?: CommandApi;
  projections?: ProjectionsHandle;
}

/** What the roles that take documents in and process them share. */
interface Originals {
  readonly judge: Documents;
  readonly objects: ObjectStore;
}

/** Starts the roles of a process, each on the backends that the settings name. */
export async function startRoles(context: RolesContext): Promise<StartedRoles> {
  const draft: Draft = { routes: [], checks: {} };
  const { roles } = context;
  if (roles.has('command-api') || roles.has('processor')) {
    const judge = await startJudging(context);
    // Where nothing is processed, nobody reads what was just taken in.
    const kept = await context.backends.objects();
    const objects = roles.has('processor') ? new RecentObjects(kept) : kept;
    if (roles.has('command-api')) await commandApi(context, draft, { judge, objects });
    if (roles.has('processor')) await processor(context, draft, { judge, objects });
  }
  if (roles.has('worker') || roles.has('query-api')) await projectionsAndQueries(context, draft);
  if (roles.has('relay')) await relay(context, draft);
  if (roles.has('gateway')) gateway(context, draft);
  const { routes, checks, tokens, api, projections } = draft;
  return { routes, checks, tokens, api, projections };
}

async function commandApi({ settings, backends, logger, draining, onStarted }: RolesContext, draft: Draft, { judge, objects }: Originals): Promise<void> {
  const [store, kept, database] = await Promise.all([backends.store(), backends.objects(), backends.databases.write()]);
  const api = await startCommandApi({
    store, objects, logger, database, keyFolder: backends.keyFolder, judge, maxDocumentBytes: settings.maxDocumentBytes, maxFiles: settings.maxFiles, maxImportBytes: settings.maxImportBytes, asksAuthority: settings.authorityStatus !== undefined, onSignIn: store.processingHooks.onSignIn,
    admin: { email: settings.adminEmail, ...(settings.adminPassword !== undefined && { password: settings.adminPassword }) },
  });
  onStarted(() => api.stop());
  Object.assign(draft.checks, { 'event-store': () => store.status(), 'write-database': () => api.ping(), 'object-store': () => kept.probe() });
  // Of all roles this one has everything that a backup is made of.
  draft.routes.push(...api.routes, backupRoute({ sources: () => backends.backupSources(), draining, logger }));
  draft.api = api;
  draft.tokens = api.tokens;
}

/** One pool of threads for all that is judged in this process, by the operator's certificates and catalogues. @throws Problem setting-wrong */
async function startJudging({ backends: { trustFolder, catalogueFolder }, logger, onStarted }: RolesContext): Promise<Documents> {
  const [trust, catalogues] = await Promise.all([trustFiles(trustFolder), catalogueData(catalogueFolder)]);
  logger.info({ catalogues: catalogues?.day ?? 'built in', certificates: trust.length }, 'documents are judged by these');
  const judge = new JudgingPool({ trust, ...(catalogues && { catalogues }) });
  onStarted(() => judge.close());
  return judge;
}

async function processor({ settings, backends, logger, onStarted }: RolesContext, draft: Draft, { judge, objects }: Originals): Promise<void> {
  const [store, kept, database] = await Promise.all([backends.store(), backends.objects(), backends.databases.write()]);
  const processing = startProcessing({
    store, objects, logger, database, judge, maxDocumentBytes: settings.maxDocumentBytes, processingConcurrency: settings.processing, retentionYears: settings.retentionYears,
    fetchFolders: settings.fetchFolders, fetchPrivateHosts: settings.fetchPrivateHosts, sftpHosts: await sftpHosts(settings.sftp), fetchBuckets: settings.fetchBuckets.map(parseS3Address), onProcessed: store.processingHooks.onProcessed,
    ...(settings.authorityStatus !== undefined && { authority: { address: settings.authorityStatus, perSecond: settings.authorityRate }, onAsked: store.processingHooks.onAsked }),
  });
  onStarted(() => processing.stop());
  store.watchProcessing(processing);
  Object.assign(draft.checks, { 'event-store': () => store.status(), 'write-database': () => processing.ping(), 'object-store': () => kept.probe() });
}

async function relay({ backends, logger, owner, onStarted }: RolesContext, draft: Draft): Promise<void> {
  if (!backends.hasBus) throw problem('setting-wrong', { setting: 'FOLIO_KAFKA', reason: 'the relay needs the addresses of brokers' });
  const [store, { kafka, settings: { prefix } }, control] = await Promise.all([backends.store(), backends.bus(), backends.control()]);
  await prepareTopics(kafka, prefix);
  const working = new Relay({
    name: 'main', kafka, prefix, store, leases: new Leases(control, owner ?? processName()), board: new RelayBoard(control), log: logger, onPublished: store.relayHook(),
  });
  working.start();
  onStarted(() => working.stop());
  store.watchRelay(working);
  Object.assign(draft.checks, {
    'event-store': () => store.status(),
    'relay': async () => {
      if (working.status().state === 'log-diverged') throw problem('log-diverged');
    },
  });
}

function gateway({ settings: { commandUrl, queryUrl }, onStarted }: RolesContext, draft: Draft): void {
  if (commandUrl === undefined) throw problem('setting-wrong', { setting: 'FOLIO_COMMAND_URL', reason: 'the gateway needs the address of the command API' });
  if (queryUrl === undefined) throw problem('setting-wrong', { setting: 'FOLIO_QUERY_URL', reason: 'the gateway needs the address of the query API' });
  const front = startGateway({ commandUrl, queryUrl });
  onStarted(() => front.stop());
  draft.routes.push(...front.routes);
  Object.assign(draft.checks, front.checks);
}

/** Opens the log in a thread of a rebuild. */
const READ_LOG = new URL('./read-log.js', import.meta.url).href;

/** Unique among running processes, and readable. */
const processName = (): string => `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;

async function projectionsAndQueries(context: RolesContext, draft: Draft): Promise<void> {
  const { settings, backends, logger, roles, owner, onStarted } = context;
  const [store, rebuildStore, models] = await Promise.all([backends.store(), backends.readOnlyStore(), backends.readModels()]);
  const queries = roles.has('query-api');
  const known = await knownProjections(context, models);
  const ownCache = queries && !backends.hasSharedCache ? new MemoryCache<InvoiceSummary>({ maxBytes: settings.cacheBytes, sizeOf: (row) => JSON.stringify(row).length * 2 }) : undefined;
  const feed = await feedOf(context);
  const projections = await startProjections({
    eventStore: store, rebuildStore, rebuildLog: { module: READ_LOG, data: await backends.readAddress() }, ...models, logger, hooks: store.projectionHooks, owner: owner ?? processName(), ...(queries && { reader: processName(), traffic: context.activity }), recordSwitch: recordSwitch(store), recordSkip: recordSkip(store), known,
    projections: roles.has('worker') ? chosen(known, context.projections) : [], ...(ownCache && { cache: ownCache }), ...(feed && { feed }), ...(backends.growShards && { growShards: backends.growShards }),
  });
  onStarted(() => projections.stop());
  store.watchProjections(projections);
  draft.projections = projections;
  Object.assign(draft.checks, {
    'event-store': () => store.status(),
    'read-store': async () => Promise.all(models.shards.poolsOf(models.pointer.current().slots).map((pool) => pool.query('SELECT 1'))),
    // Behind is no fault of this process; another log than the one the rows were built from is, and so is a worker that does not move.
    'projections': () => projections.check(),
  });
  if (queries) await queryApi(context, draft, { store, models, projections, cache: ownCache ?? (await backends.sharedCache()) });
}

/** Every projection, each where the settings keep it. */
async function knownProjections({ settings, backends, roles }: RolesContext, { pointer }: Queries['models']): Promise<readonly StoredProjection[]> {
  const isSearch = ({ name }: StoredProjection): boolean => name === INVOICE_SEARCH.name;
  const known: StoredProjection[] = backends.hasSearch ? ROW_PROJECTIONS.filter((projection) => !isSearch(projection)) : [...ROW_PROJECTIONS];
  if (backends.hasSearch) {
    const { ElasticIndex } = await import('#platform/search/elastic/elastic-index.js');
    const index = new ElasticIndex(await backends.searchEngine('writing'), SEARCH_DOCUMENT_MAPPING);
    // An index of that name that is not ours ends the start, before anything is written.
    if (roles.has('worker')) await index.create(searchIndexName(settings.searchPrefix, pointer.generationOf(INVOICE_SEARCH.name) ?? 1));
    known.push(indexedSearch(index, settings.searchPrefix));
  }
  if (backends.hasSharedCache) known.push(sharedCache(await backends.sharedCache(), () => pointer.generationOf(INVOICE_SUMMARY.name)));
  return known;
}

/** @throws Problem projection-unknown */
function chosen(known: readonly StoredProjection[], names: readonly string[] | undefined): readonly StoredProjection[] {
  const unknown = names?.find((name) => !known.some((projection) => projection.name === name));
  if (unknown !== undefined) throw problem('projection-unknown', { name: unknown, known: known.map(({ name }) => name) });
  return names ? known.filter(({ name }) => names.includes(name)) : known;
}

async function feedOf({ backends, logger, onStarted }: RolesContext): Promise<Feed | undefined> {
  if (!backends.hasBus) return undefined;
  const [{ KafkaFeed }, { kafka, settings: { prefix } }, store] = await Promise.all([import('#platform/feed/kafka/kafka-feed.js'), backends.bus(), backends.readOnlyStore()]);
  const onDeadLetter = (topic: string, partition: number, offset: string): void => logger.error({ topic, partition, offset }, 'a record of the bus cannot be read and was put aside');
  const feed = new KafkaFeed({ kafka, prefix, partitions: PARTITIONS, rules: TOPIC_RULES, store, onDeadLetter });
  onStarted(() => feed.close());
  return feed;
}

interface Queries {
  readonly store: Awaited<ReturnType<Backends['store']>>;
  readonly models: Awaited<ReturnType<Backends['readModels']>>;
  readonly projections: ProjectionsHandle;
  readonly cache: Cache<InvoiceSummary>;
}

async function queryApi({ settings, backends, logger, draining, onStarted }: RolesContext, draft: Draft, { store, models, projections, cache }: Queries): Promise<void> {
  const objects = await backends.objects();
  if (!draft.tokens) {
    const verifier = await startTokenVerifier({ store, logger, database: await backends.databases.write(), keyFolder: backends.keyFolder });
    onStarted(() => verifier.stop());
    draft.tokens = verifier.tokens;
  }
  followRemote(models, projections, onStarted);
  draft.checks['object-store'] = () => objects.probe();
  const { shards, pointer, progress } = models;
  const search = backends.hasSearch ? new ElasticSearch({ engine: await backends.searchEngine('reading'), prefix: settings.searchPrefix, progress }) : undefined;
  draft.routes.push(
    ...readSideRoutes({ shards, pointer, progress, log: store, objects, cache, cacheFillMs: 60_000, foldInvoice, projections: () => projections.status(), draining, maxTails: 200, ...(backends.hasBus && { relays: () => new RelayBoard(models.control).read() }), ...(search && { search }) }),
    ...quarantineRoutes(() => projections),
    ...auditRoutes(() => projections, (error) => logger.error({ err: error }, 'read models of another moment could not be built')),
    ...projectionRoutes(() => projections, (error) => logger.error({ err: error }, 'a rebuild failed')),
  );
}

/** Readers that wait for a projection whose worker is in another process learn of it from its checkpoints. */
function followRemote({ shards, pointer, progress }: Queries['models'], projections: ProjectionsHandle, onStarted: RolesContext['onStarted']): void {
  const local = new Set(Object.keys(projections.workers()));
  const remote = projections.names.filter((name) => !local.has(name));
  if (remote.length === 0) return;
  const stopped = new AbortController();
  const watched = (): { projection: string; generation: number }[] =>
    remote.flatMap((projection) => {
      const generation = pointer.generationOf(projection);
      return generation === undefined ? [] : [{ projection, generation }];
    });
  const polling = pollProgress({ hub: progress, shards, slots: () => pointer.current().slots, watched, signal: stopped.signal });
  onStarted(() => {
    stopped.abort();
    return polling;
  });
}
