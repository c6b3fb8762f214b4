import pg from 'pg';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Route } from '#platform/http/route.js';
import type { Logger } from '#platform/logger.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import { OutboundFetcher } from '#platform/outbound/fetch-file.js';
import type { Migration } from '#platform/postgres/migrate.js';
import { withSpan } from '#platform/telemetry/span.js';
import { CommandRequest, type IdempotencyGuard } from './api/command-request.js';
import { invoiceCommandRoutes } from './api/invoices/command-routes.js';
import { submitRoute } from './api/invoices/submit-routes.js';
import { fiscalDocuments } from './intake/fiscal-documents.js';
import { submitDocument, type IncomingFile, type Submitted } from './intake/submit.js';
import type { CommandContext } from './handle-command.js';
import { ProcessManager } from './processing/process-manager.js';
import { PROCESSING_MIGRATIONS } from './processing/schema.js';
import { fileSource } from './processing/sources/file.js';
import { httpSource } from './processing/sources/http.js';
import { WorkTable } from './processing/work-table.js';

export const WRITE_MIGRATIONS: readonly Migration[] = [...PROCESSING_MIGRATIONS];

export interface WriteSideOptions {
  readonly store: EventStore;
  readonly objects: ObjectStore;
  /** The write side's own database: work items, credentials, idempotency. */
  readonly database: ConnectionSettings;
  readonly logger: Logger;
  readonly idempotency: IdempotencyGuard;
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
  readonly processor: ProcessManager;
  /** The ordinary submit command, for the demo and other callers inside the process. */
  submit(file: IncomingFile, context: CommandContext): Promise<Submitted>;
  /** Work not finished yet. */
  pendingWork(): Promise<number>;
  stop(): Promise<void>;
}

/** Command API and processing manager on one store. */
export function startWriteSide(options: WriteSideOptions): WriteSide {
  const { store, objects, logger, maxDocumentBytes } = options;
  const pool = new pg.Pool({ ...options.database, max: 6, connectionTimeoutMillis: 3_000, statement_timeout: 15_000, application_name: 'folio-write' });
  pool.on('error', () => undefined);
  const fetcher = new OutboundFetcher({ allowedPrivateHosts: options.fetchPrivateHosts });
  const table = new WorkTable(pool);
  const intake = { store, objects, documents: fiscalDocuments, maxDocumentBytes };
  const commands = new CommandRequest(options.idempotency);
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
  return {
    routes: [submitRoute({ ...intake, commands, maxFiles: options.maxFiles }), ...invoiceCommandRoutes({ store, commands })],
    processor,
    submit: (file, context) => submitDocument(intake, file, context),
    pendingWork: () => table.count(),
    stop: async () => {
      await processor.stop();
      await fetcher.close();
      await pool.end();
    },
  };
}
