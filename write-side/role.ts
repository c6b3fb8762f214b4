import type pg from 'pg';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { TokenVerifier } from '#platform/http/authenticate.js';
import type { Route } from '#platform/http/route.js';
import type { Logger } from '#platform/logger.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import type { S3Address } from '#platform/object-store/s3-address.js';
import { OutboundFetcher } from '#platform/outbound/fetch-file.js';
import { S3FileFetcher } from '#platform/outbound/s3-files.js';
import { SatStatusService } from '#platform/outbound/sat-status.js';
import { SftpFetcher, type SftpHost } from '#platform/outbound/sftp.js';
import type { Migration } from '#platform/postgres/migrate.js';
import { openPool } from '#platform/postgres/pool.js';
import { withSpan } from '#platform/telemetry/span.js';
import { authRoutes } from './api/auth/routes.js';
import { invoiceCommandRoutes } from './api/invoices/command-routes.js';
import { importRoutes } from './api/invoices/import-routes.js';
import { rejudgeRoute } from './api/invoices/rejudge-route.js';
import { submitRoute } from './api/invoices/submit-routes.js';
import { validateRoutes } from './api/invoices/validate-routes.js';
import type { MadeAdmin } from './auth/services/ensure-admin.js';
import { startAuth, startVerifier } from './auth/start.js';
import type { AskOutcome } from './authority/asker.js';
import { AuthorityChecks } from './authority/check-table.js';
import { authorityCheckRoute } from './authority/route.js';
import { satStatus } from './authority/sat.js';
import { AUTHORITY_MIGRATIONS, AUTHORITY_TABLES } from './authority/schema.js';
import { AuthorityWatch } from './authority/watch.js';
import { PostgresIdempotencyStore } from './idempotency/postgres.js';
import { WRITE_STATE_MIGRATIONS, WRITE_STATE_TABLES } from './state/migrations.js';
import { ImportRunner } from './imports/import-runner.js';
import { ImportTable } from './imports/import-table.js';
import { IMPORT_MIGRATIONS, IMPORT_TABLES } from './imports/schema.js';
import { submitDocument, type IncomingFile, type Submitted } from './intake/submit.js';
import type { CommandContext } from './handle-command.js';
import type { Documents } from './intake/documents.js';
import { ProcessManager } from './processing/process-manager.js';
import { BusinessKeys } from './processing/business-keys.js';
import { DuplicateWatch } from './processing/duplicate-watch.js';
import { PROCESSING_MIGRATIONS, PROCESSING_TABLES } from './processing/schema.js';
import { fileSource } from './processing/sources/file.js';
import { httpSource } from './processing/sources/http.js';
import { s3Source } from './processing/sources/s3.js';
import { sftpSource } from './processing/sources/sftp.js';
import { WorkTable } from './processing/work-table.js';

export type { Documents } from './intake/documents.js';
export { JudgingPool } from './judging/pool.js';
export { Relay, type RelayOptions } from './relay/relay.js';
export { prepareTopics } from './relay/session.js';

export const WRITE_MIGRATIONS: readonly Migration[] = [...WRITE_STATE_MIGRATIONS, ...PROCESSING_MIGRATIONS, ...IMPORT_MIGRATIONS, ...AUTHORITY_MIGRATIONS];
/** Every table of the write side's database; what is missing here would be missing in backups. */
export const WRITE_TABLES: readonly string[] = [...WRITE_STATE_TABLES, ...PROCESSING_TABLES, ...IMPORT_TABLES, ...AUTHORITY_TABLES];

/** Files in one archive of an import, and in one form. */
const MAX_IMPORT_ENTRIES = 200_000;
const MAX_IMPORT_FILES = 10_000;
/** Expired idempotency records, refresh tokens and imports are deleted this often. */
const PURGE_EVERY_MS = 600_000;

export interface WriteDatabaseOptions {
  readonly store: EventStore;
  /** The write side's own database: work items, credentials, idempotency. */
  readonly database: ConnectionSettings;
  readonly logger: Logger;
}

export interface VerifierOptions extends WriteDatabaseOptions {
  /** `<data>/keys` and the like: signing keys and the server secret. */
  readonly keyFolder: string;
}

interface IntakeOptions extends WriteDatabaseOptions {
  readonly objects: ObjectStore;
  readonly maxDocumentBytes: number;
  /** One for all roles of a process; whoever made it closes it behind them. */
  readonly judge: Documents;
}

export interface CommandApiOptions extends IntakeOptions, VerifierOptions {
  readonly admin: { readonly email: string; readonly password?: string };
  readonly onSignIn?: (outcome: string) => void;
  readonly maxFiles: number;
  /** Bytes of one import. */
  readonly maxImportBytes: number;
  /** Whether processors of this deployment ask the authority. */
  readonly asksAuthority: boolean;
}

export interface CommandApi {
  readonly routes: readonly Route[];
  /** For the door: who may come in. */
  readonly tokens: TokenVerifier;
  /** The first admin, when this start made one. */
  readonly admin: MadeAdmin | undefined;
  /** Whether the write side's own database answers. */
  ping(): Promise<unknown>;
  /** The ordinary submit command, for the demo and other callers inside the process. */
  submit(file: IncomingFile, context: CommandContext): Promise<Submitted>;
  stop(): Promise<void>;
}

export interface ProcessingOptions extends IntakeOptions {
  readonly processingConcurrency: number;
  readonly retentionYears: number;
  readonly fetchFolders: readonly string[];
  readonly fetchPrivateHosts: readonly string[];
  readonly sftpHosts: readonly SftpHost[];
  readonly fetchBuckets: readonly S3Address[];
  readonly onProcessed?: (outcome: string, milliseconds: number) => void;
  /** Where the authority is asked what it says of archived documents, and how often a second; without it nobody is. */
  readonly authority?: { readonly address: string; readonly perSecond: number };
  readonly onAsked?: (outcome: AskOutcome) => void;
}

export interface Processing {
  readonly processor: ProcessManager;
  ping(): Promise<unknown>;
  /** Work not finished yet. */
  pendingWork(): Promise<number>;
  readonly duplicates: Pick<DuplicateWatch, 'behind'>;
  /** Imports that have not ended, of all processes. */
  openImports(): Promise<number>;
  /** What asks the authority, where it is asked. */
  readonly authority: AuthorityWatch | undefined;
  stop(): Promise<void>;
}

const writePool = (database: ConnectionSettings): pg.Pool => openPool(database, { name: 'folio-write', connections: 6, statementMs: 15_000 });

/** Commands over HTTP. */
export async function startCommandApi(options: CommandApiOptions): Promise<CommandApi> {
  const { store, objects, logger, judge, maxDocumentBytes } = options;
  const pool = writePool(options.database);
  const intake = { store, objects, documents: judge, maxDocumentBytes };
  const idempotency = new PostgresIdempotencyStore(pool);
  const auth = await startAuth({ ...options, pool });
  const imports = new ImportTable(pool);
  const purge = setInterval(() => {
    Promise.all([idempotency.purge(Date.now()), auth.service.purge(), imports.purge()]).catch((error: unknown) => logger.warn({ err: error }, 'expired records could not be deleted'));
  }, PURGE_EVERY_MS).unref();
  return {
    routes: [
      submitRoute({ ...intake, idempotency, maxFiles: options.maxFiles }), ...importRoutes({ table: imports, maxBytes: options.maxImportBytes, maxFiles: MAX_IMPORT_FILES }), ...validateRoutes({ judge, maxDocumentBytes }),
      rejudgeRoute({ store, objects, judge, idempotency }), authorityCheckRoute({ store, checks: new AuthorityChecks(pool), isOn: options.asksAuthority }), ...invoiceCommandRoutes({ store, idempotency }),
      ...authRoutes({ auth: auth.service, idempotency, secret: auth.secret }),
    ],
    tokens: auth.tokens,
    admin: auth.admin,
    submit: (file, context) => submitDocument(intake, file, context),
    ping: () => pool.query('SELECT 1'),
    stop: async () => {
      clearInterval(purge);
      await auth.stop();
      await pool.end();
    },
  };
}

/** The processing manager, working at once. */
export function startProcessing(options: ProcessingOptions): Processing {
  const { store, objects, logger, judge, maxDocumentBytes } = options;
  const pool = writePool(options.database);
  const fetcher = new OutboundFetcher({ allowedPrivateHosts: options.fetchPrivateHosts });
  const buckets = new S3FileFetcher(options.fetchBuckets);
  const table = new WorkTable(pool);
  const processor = new ProcessManager({
    store, objects, documents: judge, maxDocumentBytes, table,
    sources: [httpSource(fetcher), fileSource(options.fetchFolders), sftpSource(new SftpFetcher(options.sftpHosts)), s3Source(buckets)],
    concurrency: options.processingConcurrency,
    retentionYears: options.retentionYears,
    trace: (name, parent, work) => withSpan(name, {}, parent ?? undefined, work),
    onError: (error, item) => logger.warn({ err: error, invoice: item?.invoice, attempt: item?.attempt }, 'processing met a fault'),
    ...(options.onProcessed && { onOutcome: options.onProcessed }),
  });
  processor.start();
  const duplicates = new DuplicateWatch({ store, keys: new BusinessKeys(pool), database: options.database, onError: (error) => logger.warn({ err: error }, 'the watch for duplicates met a fault') });
  duplicates.start();
  const importTable = new ImportTable(pool);
  const imports = new ImportRunner({
    store, objects, documents: judge, maxDocumentBytes, table: importTable, maxEntries: MAX_IMPORT_ENTRIES, database: options.database,
    onError: (error) => logger.warn({ err: error }, 'an import met a fault'),
  });
  imports.start();
  const authority = watchAuthority(options, pool);
  return {
    processor,
    authority,
    duplicates,
    openImports: async () => (await importTable.open()).length,
    pendingWork: () => table.count(),
    ping: () => pool.query('SELECT 1'),
    stop: async () => {
      await Promise.all([imports.stop(), processor.stop(), duplicates.stop(), authority?.stop()]);
      buckets.close();
      await fetcher.close();
      await pool.end();
    },
  };
}

function watchAuthority({ authority, store, objects, database, logger, onAsked }: ProcessingOptions, pool: pg.Pool): AuthorityWatch | undefined {
  if (!authority) return undefined;
  const watch = new AuthorityWatch({
    store, objects, database, checks: new AuthorityChecks(pool), authority: satStatus(new SatStatusService(authority.address)), perSecond: authority.perSecond,
    onError: (error, invoice) => logger.warn({ err: error, invoice }, 'asking the authority met a fault'),
    ...(onAsked && { onAsked }),
  });
  watch.start();
  return watch;
}

/** Judges tokens where no command API is in the process: signing keys, and revocations up to the head of the log. */
export async function startTokenVerifier(options: VerifierOptions): Promise<{ readonly tokens: TokenVerifier; stop(): Promise<void> }> {
  const pool = writePool(options.database);
  const verifier = await startVerifier({ ...options, pool });
  return { tokens: verifier.tokens, stop: () => verifier.stop().then(() => pool.end()) };
}
