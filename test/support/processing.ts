import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Facts } from '#contracts/invoice/facts.js';
import { randomUuid, toCommandId, toCorrelationId, type InvoiceId } from '#contracts/kernel/ids.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import { FolderObjectStore } from '#platform/object-store/folder.js';
import { migrate } from '#platform/postgres/migrate.js';
import type { Documents, JudgedDocument, ReadOutcome } from '../../write-side/intake/documents.js';
import { invoiceStream } from '../../write-side/intake/submit.js';
import type { CommandContext } from '../../write-side/handle-command.js';
import { ProcessManager, type ProcessManagerOptions } from '../../write-side/processing/process-manager.js';
import { PROCESSING_MIGRATIONS } from '../../write-side/processing/schema.js';
import { WorkTable } from '../../write-side/processing/work-table.js';
import { freshDatabase } from './postgres.js';
import { until } from './until.js';

export function readPlain(bytes: Uint8Array): ReadOutcome {
  const [uuid = '', total = ''] = Buffer.from(bytes).toString().split('|');
  if (total === '') return { kind: 'unreadable', code: 'FOLIO-TEST', reason: 'no total' };
  const facts: Facts = { format: 'cfdi-4.0', uuid, issuer: { id: 'FOL010101AB1' }, receiver: { id: 'XAXX010101000' }, dates: { issued: '2026-03-01T00:00:00' }, issuanceDay: '2026-03-01', taxes: [], lineCount: 1, descriptions: [], descriptionsTruncated: false };
  return { kind: 'document', format: 'cfdi-4.0', facts, identity: { format: 'cfdi-4.0', uuid } };
}

/** The verdict of a document that has only a name: unreadable without one, invalid when the fiscal folio begins so. */
export function judgePlain(read: ReadOutcome): JudgedDocument {
  const name = read.kind !== 'document' ? 'unreadable' : read.facts.uuid?.startsWith('BAD') ? 'invalid' : 'valid';
  return { read, verdict: { verdict: name, findings: [], findingCounts: {}, checked: [], notChecked: [], ruleSet: 't@1', catalogueDate: 'none', durationUs: 1 }, allFindings: [] };
}

/** Documents of a test: `uuid|total` in plain text. */
export const plainDocuments: Documents = { read: readPlain, judge: async (bytes) => judgePlain(readPlain(bytes)) };

export const someContext = (): CommandContext => ({ commandId: toCommandId(randomUuid()), correlationId: toCorrelationId('test'), actor: { kind: 'user', id: 'u' }, occurredAt: new Date().toISOString() });

/** A processor on a real database and folder with the log in memory; `manager()` starts another one on the same state, as after a crash. */
export class ProcessingBench {
  readonly store = new MemoryEventStore();
  private constructor(readonly database: ConnectionSettings, readonly pool: pg.Pool, readonly folder: string, readonly objects: FolderObjectStore) {}

  static async open(): Promise<ProcessingBench> {
    const database = await freshDatabase();
    await migrate(database, PROCESSING_MIGRATIONS);
    const folder = await mkdtemp(join(tmpdir(), 'folio-processing-'));
    const pool = new pg.Pool({ ...database, max: 5 });
    pool.on('error', () => undefined);
    return new ProcessingBench(database, pool, folder, new FolderObjectStore(folder));
  }

  get table(): WorkTable {
    return new WorkTable(this.pool);
  }

  manager(options: Partial<ProcessManagerOptions> = {}): ProcessManager {
    const manager = new ProcessManager({
      store: this.store, objects: this.objects, documents: plainDocuments, sources: [], table: this.table, concurrency: 8, maxDocumentBytes: 1_000_000, retentionYears: 10,
      trace: (_name, _parent, work) => work(undefined), ...options,
    });
    manager.start();
    return manager;
  }

  /** Event types of the stream, without their common beginning. */
  async history(id: InvoiceId): Promise<string[]> {
    return (await this.store.readStream(invoiceStream(id))).map((event) => event.type.replace('fiscal.invoice.', ''));
  }

  async settled(id: InvoiceId, last: string): Promise<string[]> {
    await until(async () => (await this.history(id)).at(-1) === last);
    return this.history(id);
  }

  async close(): Promise<void> {
    await this.pool.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}
