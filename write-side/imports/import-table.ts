import type pg from 'pg';
import { IMPORT_CATEGORIES, isImportCategory, type ImportCategory, type ImportEnding, type ImportFile, type ImportJob, type ImportState } from '#contracts/invoice/imports.js';
import { toCorrelationId, toInvoiceId, type CorrelationId, type InvoiceId } from '#contracts/kernel/ids.js';

/** Whose import it is, and under which id its events are found together. */
export interface ImportOwner {
  readonly actor: string;
  readonly correlationId: CorrelationId;
}

/** What a run needs to know of its import. */
export interface OpenImport extends ImportOwner {
  readonly id: string;
  /** Whether it was worked on before. */
  readonly isContinued: boolean;
  readonly parts: readonly ImportPart[];
}

/** One file as it was received: a document, or an archive of them. */
export interface ImportPart {
  readonly part: number;
  readonly name: string;
  readonly bytes: number;
}

/** A file as far as it is known: without an ending it is being processed. */
export interface FileRecord {
  readonly place: number;
  readonly name: string;
  readonly ending?: ImportEnding;
  readonly taken?: { readonly invoice: InvoiceId; readonly attempt: number };
}

export interface FilePage {
  /** Exclusive; -1 from the beginning. */
  readonly after: number;
  readonly limit: number;
  readonly category?: ImportCategory;
}

/** Bytes of every chunk but the last one of a part. */
export const CHUNK_BYTES = 1024 * 1024;
/** An upload that says nothing for so long has nobody behind it any more. */
const ABANDONED = `interval '10 minutes'`;
const KEPT = `interval '30 days'`;

interface JobRow {
  readonly id: string;
  readonly state: ImportState;
  readonly actor: string;
  readonly bytes: string;
  readonly files: number | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly counts: Readonly<Record<string, number>> | null;
}

const JOB = `SELECT id, state, actor, bytes, files, created_at, started_at, ended_at,
  (SELECT json_object_agg(category, count) FROM (SELECT coalesce(category, '') AS category, count(*)::int AS count FROM import_file WHERE job = import_job.id GROUP BY 1) AS counted) AS counts FROM import_job`;

function toJob({ id, state, actor, bytes, files, created_at, started_at, ended_at, counts }: JobRow): ImportJob {
  const of = (category: string): number => counts?.[category] ?? 0;
  const ended = IMPORT_CATEGORIES.map((category) => [category, of(category)] as const);
  return {
    id, state, bytes: Number(bytes), files, processing: of(''), taken: ended.reduce((sum, [, count]) => sum + count, of('')), counts: Object.fromEntries(ended) as Record<ImportCategory, number>, by: actor,
    createdAt: created_at.toISOString(), startedAt: started_at?.toISOString() ?? null, endedAt: ended_at?.toISOString() ?? null,
  };
}

/** Imports and what became of their files, in the write side's database. What was received lies here until it is worked off: an accepted import outlives every process. */
export class ImportTable {
  constructor(private readonly pool: pg.Pool) {}

  /** A new import that receives its parts. One that was given up while it received them begins anew. @returns false: it is here already */
  async begin(id: string, { actor, correlationId }: ImportOwner): Promise<boolean> {
    await this.#delete(`SELECT id FROM import_job WHERE id = $1 AND state = 'receiving' AND touched_at < now() - ${ABANDONED}`, [id]);
    const { rowCount } = await this.pool.query(`INSERT INTO import_job (id, state, actor, correlation_id) VALUES ($1, 'receiving', $2, $3) ON CONFLICT DO NOTHING`, [id, actor, correlationId]);
    return rowCount === 1;
  }

  async addChunk(id: string, part: number, chunk: number, content: Uint8Array): Promise<void> {
    await this.pool.query('WITH touched AS (UPDATE import_job SET touched_at = now() WHERE id = $1) INSERT INTO import_chunk (job, part, chunk, content) VALUES ($1, $2, $3, $4)', [id, part, chunk, content]);
  }

  async addPart(id: string, { part, name, bytes }: ImportPart): Promise<void> {
    await this.pool.query('INSERT INTO import_part (job, part, name, bytes) VALUES ($1, $2, $3, $4)', [id, part, name, bytes]);
  }

  /** All of it was received: from here on it will be worked off, whatever happens to this process. */
  async received(id: string): Promise<void> {
    await this.pool.query(`UPDATE import_job SET state = 'waiting', bytes = (SELECT coalesce(sum(bytes), 0) FROM import_part WHERE job = $1) WHERE id = $1`, [id]);
  }

  /** What was received of an import that will not be complete. */
  async forget(id: string): Promise<void> {
    await this.#delete(`SELECT id FROM import_job WHERE id = $1 AND state = 'receiving'`, [id]);
  }

  async chunk(id: string, part: number, chunk: number): Promise<Buffer> {
    const { rows } = await this.pool.query<{ content: Buffer }>('SELECT content FROM import_chunk WHERE job = $1 AND part = $2 AND chunk = $3', [id, part, chunk]);
    const [row] = rows;
    if (!row) throw new Error(`the import has no chunk ${part}/${chunk}`);
    return row.content;
  }

  /** Imports that are to be worked on, oldest first. */
  async open(): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ id: string }>({ name: 'open-imports', text: `SELECT id FROM import_job WHERE state IN ('waiting', 'running') ORDER BY created_at, id LIMIT 100` });
    return rows.map(({ id }) => id);
  }

  /** Marks it as being worked on. Undefined when it has ended meanwhile. */
  async start(id: string): Promise<OpenImport | undefined> {
    const { rows } = await this.pool.query<{ before: ImportState; actor: string; correlation_id: string }>(
      `WITH found AS (SELECT id, state AS before FROM import_job WHERE id = $1 AND state IN ('waiting', 'running') FOR UPDATE)
        UPDATE import_job SET state = 'running', started_at = coalesce(started_at, now()) FROM found WHERE import_job.id = found.id RETURNING before, actor, correlation_id`, [id],
    );
    const [row] = rows;
    if (!row) return undefined;
    const parts = await this.pool.query<{ part: number; name: string; bytes: string }>('SELECT part, name, bytes FROM import_part WHERE job = $1 ORDER BY part', [id]);
    return { id, isContinued: row.before === 'running', actor: row.actor, correlationId: toCorrelationId(row.correlation_id), parts: parts.rows.map(({ part, name, bytes }) => ({ part, name, bytes: Number(bytes) })) };
  }

  async count(id: string, files: number): Promise<void> {
    await this.pool.query('UPDATE import_job SET files = $2 WHERE id = $1', [id, files]);
  }

  /** Places of files that need not be looked at again, and those among them whose processing has not ended. */
  async recorded(id: string): Promise<{ readonly places: ReadonlySet<number>; readonly processing: readonly Required<Pick<FileRecord, 'place' | 'name' | 'taken'>>[] }> {
    const places = await this.pool.query<{ place: number }>('SELECT place FROM import_file WHERE job = $1', [id]);
    const open = await this.pool.query<{ place: number; name: string; invoice: string; attempt: number }>('SELECT place, name, invoice, attempt FROM import_file WHERE job = $1 AND category IS NULL', [id]);
    return {
      places: new Set(places.rows.map(({ place }) => place)),
      processing: open.rows.map(({ place, name, invoice, attempt }) => ({ place, name, taken: { invoice: toInvoiceId(invoice), attempt } })),
    };
  }

  /** What is known of files now. @returns whether somebody wants the import to end */
  async record(id: string, files: readonly FileRecord[]): Promise<boolean> {
    const of = (pick: (file: FileRecord) => unknown): unknown[] => files.map((file) => pick(file) ?? null);
    const { rows } = await this.pool.query<{ cancelling: boolean }>(
      `WITH known AS (
        INSERT INTO import_file (job, place, name, category, detail, invoice, attempt)
        SELECT $1, * FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::int[])
        ON CONFLICT (job, place) DO UPDATE SET category = excluded.category, detail = excluded.detail, invoice = excluded.invoice, attempt = excluded.attempt
      ) SELECT cancelling FROM import_job WHERE id = $1`,
      [id, of(({ place }) => place), of(({ name }) => name), of(({ ending }) => ending?.category), of(({ ending }) => ending?.detail ?? ''), of(({ taken }) => taken?.invoice), of(({ taken }) => taken?.attempt)],
    );
    return rows[0]?.cancelling ?? true;
  }

  /** Its results stay; what was received is not needed any more. */
  async end(id: string): Promise<void> {
    await this.pool.query(`UPDATE import_job SET state = CASE WHEN cancelling THEN 'cancelled' ELSE 'done' END, ended_at = now() WHERE id = $1`, [id]);
    await this.pool.query('DELETE FROM import_chunk WHERE job = $1', [id]);
  }

  /** What has not been taken in yet will not be. */
  async cancel(id: string): Promise<void> {
    await this.pool.query('UPDATE import_job SET cancelling = true WHERE id = $1 AND ended_at IS NULL', [id]);
  }

  async find(id: string): Promise<ImportJob | undefined> {
    const { rows } = await this.pool.query<JobRow>(`${JOB} WHERE id = $1`, [id]);
    return rows[0] && toJob(rows[0]);
  }

  /** The newest first. */
  async list(limit: number): Promise<readonly ImportJob[]> {
    const { rows } = await this.pool.query<JobRow>(`${JOB} ORDER BY created_at DESC, id LIMIT $1`, [limit]);
    return rows.map(toJob);
  }

  async files(id: string, { after, limit, category }: FilePage): Promise<readonly ImportFile[]> {
    const { rows } = await this.pool.query<{ place: number; name: string; category: string | null; detail: string; invoice: string | null; attempt: number | null }>(
      'SELECT place, name, category, detail, invoice, attempt FROM import_file WHERE job = $1 AND place > $2 AND ($4::text IS NULL OR category = $4) ORDER BY place LIMIT $3', [id, after, limit, category ?? null],
    );
    return rows.map(({ name, category: found, ...row }) => ({ ...row, file: name, category: found !== null && isImportCategory(found) ? found : null }));
  }

  /** Imports that ended long ago, and uploads that nobody goes on with. */
  async purge(): Promise<void> {
    await this.#delete(`SELECT id FROM import_job WHERE ended_at < now() - ${KEPT} OR (state = 'receiving' AND touched_at < now() - ${ABANDONED})`, []);
  }

  /** @param which a query for ids */
  async #delete(which: string, values: readonly unknown[]): Promise<void> {
    await this.pool.query(
      `WITH gone AS (${which} FOR UPDATE), chunks AS (DELETE FROM import_chunk WHERE job IN (SELECT id FROM gone)), parts AS (DELETE FROM import_part WHERE job IN (SELECT id FROM gone)),
        files AS (DELETE FROM import_file WHERE job IN (SELECT id FROM gone)) DELETE FROM import_job WHERE id IN (SELECT id FROM gone)`, [...values],
    );
  }
}
