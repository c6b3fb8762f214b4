import pg from 'pg';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { TokenVerifier } from '#platform/http/authenticate.js';
import type { Route } from '#platform/http/route.js';
import type { Logger } from '#platform/logger.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import { OutboundFetcher } from '#platform/outbound/fetch-file.js';
import type { Migration } from '#platform/postgres/migrate.js';
import { withSpan } from '#platform/telemetry/span.js';
import { authRoutes } from './api/auth/routes.js';
import { invoiceCommandRoutes } from './api/invoices/command-routes.js';
import { submitRoute } from './api/invoices/submit-routes.js';
import type { MadeAdmin } from './auth/services/ensure-admin.js';
import { startAuth } from './auth/start.js';
import { PostgresIdempotencyStore } from './idempotency/postgres.js';
import { WRITE_STATE_MIGRATIONS } from './state/migrations.js';
import { fiscalDocuments } from './intake/fiscal-documents.js';
import { submitDocument, type IncomingFile, type Submitted } from './intake/submit.js';
import type { CommandContext } from './handle-command.js';
import { ProcessManager } from './processing/process-manager.js';
import { PROCESSING_MIGRATIONS } from './processing/schema.js';
import { fileSource } from './processing/sources/file.js';
import { httpSource } from './processing/sources/http.js';
import { WorkTable } from './processing/work-table.js';

export const WRITE_MIGRATIONS: readonly Migration[] = [...WRITE_STATE_MIGRATIONS, ...PROCESSING_MIGRATIONS];

/** Expired idempotency records and refresh tokens are deleted this often. */
const PURGE_EVERY_MS = 600_000;

export interface WriteSideOptions {
  readonly store: EventStore;
  readonly objects: ObjectStore;
  /** The write side's own database: work items, credentials, idempotency. */
  readonly database: ConnectionSettings;
  readonly logger: Logger;
  /** `<data>/keys` and the like: signing keys and the server secret. */
  readonly keyFolder: string;
  readonly admin: { readonly email: string; readonly password?: string };
  readonly onSignIn?: (outcome: string) => void;
  readonly maxDocumentBytes: number;
  readonly maxFiles: number;
  readonly processingConcurrency: number;
  readonly retentionYears: number;
  readonly fetchFolders: readonly string[];
  readonly fetchPrivateHosts: readonly string[];
  readonly onProcessed?: (outcome: string, milliseconds: number) => void;
}

export interface WriteSide {
  readonly routes: readonly Route[];
  /** For the door: who may come in. */
  readonly tokens: TokenVerifier;
  /** The first admin, when this start made one. */
  readonly admin: MadeAdmin | undefined;
  readonly processor: ProcessManager;
  /** Whether the write side's own database answers. */
  ping(): Promise<unknown>;
  /** The ordinary submit command, for the demo and other callers inside the process. */
  submit(file: IncomingFile, context: CommandContext): Promise<Submitted>;
  /** Work not finished yet. */
  pendingWork(): Promise<number>;
  stop(): Promise<void>;
}

/** Command API and processing manager on one store. */
export async function startWriteSide(options: WriteSideOptions): Promise<WriteSide> {
  const { store, objects, logger, maxDocumentBytes } = options;
  const pool = new pg.Pool({ ...options.database, max: 6, connectionTimeoutMillis: 3_000, statement_timeout: 15_000, application_name: 'folio-write' });
  pool.on('error', () => undefined);
  const fetcher = new OutboundFetcher({ allowedPrivateHosts: options.fetchPrivateHosts });
  const table = new WorkTable(pool);
  const intake = { store, objects, documents: fiscalDocuments, maxDocumentBytes };
  const idempotency = new PostgresIdempotencyStore(pool);
  const auth = await startAuth({ ...options, pool });
  const processor = new ProcessManager({
    ...intake, table,
    sources: [httpSource(fetcher), fileSource(options.fetchFolders)],
    concurrency: options.processingConcurrency,
    retentionYears: options.retentionYears,
    trace: (name, parent, work) => withSpan(name, {}, parent ?? undefined, work),
    onError: (error, item) => logger.warn({ err: error, invoice: item?.invoice, attempt: item?.attempt }, 'processing met a fault'),
    ...(options.onProcessed && { onOutcome: options.onProcessed }),
  });
  processor.start();
  const purge = setInterval(() => {
    Promise.all([idempotency.purge(Date.now()), auth.service.purge()]).catch((error: unknown) => logger.warn({ err: error }, 'expired records could not be deleted'));
  }, PURGE_EVERY_MS).unref();
  return {
    routes: [submitRoute({ ...intake, idempotency, maxFiles: options.maxFiles }), ...invoiceCommandRoutes({ store, idempotency }), ...authRoutes({ auth: auth.service, idempotency, secret: auth.secret })],
    tokens: auth.tokens,
    admin: auth.admin,
    processor,
    submit: (file, context) => submitDocument(intake, file, context),
    pendingWork: () => table.count(),
    ping: () => pool.query('SELECT 1'),
    stop: async () => {
      clearInterval(purge);
      await processor.stop();
      await auth.stop();
      await fetcher.close();
      await pool.end();
    },
  };
}
