import { once } from 'node:events';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Lane } from '#contracts/kernel/lane.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { ended, isDataFault, WriterConnection, type Statement } from '#platform/read-store/connection.js';
import { Partitions } from '#platform/read-store/partitions.js';
import { DigestChanges } from '#platform/read-store/row-hash.js';
import { TEXT_TYPES } from '#platform/postgres/pool.js';
import { copyLines, schemaOf, writtenColumns } from '#platform/read-store/table.js';
import type { ProjectedRow, RowProjection } from '../../kit/projection.js';
import { rowsOf } from '../table-rows.js';
import { TallyDelta } from '../tallies.js';
import { CopyText } from './copy-text.js';
import type { Governor } from './governor.js';
import type { FillJob } from './job.js';
import { takeBack, type FillMark } from './resume.js';
import { createParts, talliesTarget } from './tally-parts.js';
import type { Pending } from './window.js';

/** Bytes of one COPY; a chunk is one transaction and is kept until it is written. */
const CHUNK_BYTES = 2_000_000;
/** While readers are busy: milliseconds of the engine's work. */
const BUSY_BYTES = 48_000;
/** Tallies summed up in memory at most, some 30 MB; more of them are written in parts. A small window of rows has fewer: one for so many of its bytes. */
const MAX_TALLIES = 100_000;
const WINDOW_BYTES_A_TALLY = 40;
/** Rows written as text between two breaths. */
const BREATH_ROWS = 16;

/** A row of the next COPY; its line is in the text, at the same place. */
interface Written {
  readonly pending: Pending;
  readonly hash: string;
}

/** Writes finished rows of one generation into the unindexed tables of one shard. */
export class RowCopier {
  readonly #projection: RowProjection;
  readonly #governor: Governor;
  /** Of a row's COPY. */
  readonly #target: string;
  readonly #line: (row: ProjectedRow) => { readonly line: string; readonly hash: string };
  readonly #schema: string;
  readonly #client: pg.Client;
  readonly #writer: WriterConnection;
  readonly #partitions: Partitions;
  readonly #tallies: TallyDelta<unknown> | undefined;
  readonly #maxTallies: number;
  readonly #text = new CopyText();
  #chunk: Written[] = [];
  #hasParts = false;
  /** Of the rows that are written. */
  readonly digests = new DigestChanges<Lane>();
  /** Streams whose row the table refused. */
  readonly refused: { readonly pending: Pending; readonly error: unknown }[] = [];

  /** @param windowBytes of the rows that are folded for it */
  constructor(projection: RowProjection, generation: number, settings: ConnectionSettings, { governor, windowBytes }: { readonly governor: Governor; readonly windowBytes: number }) {
    this.#maxTallies = Math.min(MAX_TALLIES, windowBytes / WINDOW_BYTES_A_TALLY);
    this.#governor = governor;
    this.#projection = projection;
    this.#line = copyLines(projection.table);
    this.#schema = schemaOf(projection.name, generation);
    this.#target = `${this.#schema}.${projection.table.name} (${writtenColumns(projection.table).map(({ name }) => name).join(', ')})`;
    this.#client = new pg.Client({ ...settings, application_name: 'folio-rebuild', types: TEXT_TYPES, options: '-c synchronous_commit=off -c jit=off' });
    this.#client.on('error', () => undefined);
    this.#writer = new WriterConnection(settings, 'folio-rebuild');
    this.#partitions = new Partitions(this.#writer);
    this.#tallies = projection.tallies && new TallyDelta(projection.tallies);
  }

  async connect(): Promise<void> {
    await this.#client.connect();
  }

  async write(rows: readonly Pending[]): Promise<void> {
    await this.#partitions.ensure(this.#schema, this.#projection.table, new Set(rows.map(({ row }) => row.month)));
    for (const [index, pending] of rows.entries()) {
      const rest = index % BREATH_ROWS === 0 ? this.#governor.breathe() : undefined;
      if (rest) await rest;
      const { line, hash } = this.#line(pending.row);
      this.#text.add(line);
      this.#chunk.push({ pending, hash });
      if (this.#text.size >= this.#enough) await this.#writeChunk();
    }
    await this.#writeChunk();
    if (this.#tallies && this.#tallies.size > this.#maxTallies) await this.#writeTallies(false);
  }

  /** Bytes of the next COPY. */
  get #enough(): number {
    return this.#governor.isBusy ? BUSY_BYTES : CHUNK_BYTES;
  }

  async #writeChunk(): Promise<void> {
    const chunk = this.#chunk;
    this.#chunk = [];
    await this.#writeLines(chunk, 0, chunk.length);
    this.#text.clear();
  }

  /** The rows from one to (not including) another. */
  async #writeLines(chunk: readonly Written[], first: number, end: number): Promise<void> {
    if (first === end) return;
    try {
      await this.#copy(this.#target, this.#text.between(first, end));
    } catch (error) {
      if (!isDataFault(error)) throw error;
      const [only, another] = chunk.slice(first, end);
      if (only && !another) return void this.refused.push({ pending: only.pending, error });
      const middle = (first + end) >> 1;
      await this.#writeLines(chunk, first, middle);
      return this.#writeLines(chunk, middle, end);
    }
    for (const { pending, hash } of chunk.slice(first, end)) {
      this.digests.of(pending.lane).add(hash);
      this.#tallies?.add(undefined, pending.row);
    }
  }

  async #copy(target: string, lines: Buffer): Promise<void> {
    const stream = this.#client.query(copyFrom(`COPY ${target} FROM STDIN`));
    stream.end(lines);
    await once(stream, 'finish');
  }

  async #writeTallies(isLast: boolean): Promise<void> {
    const table = this.#projection.tallies?.table;
    if (!this.#tallies || !table || this.#tallies.size === 0) return;
    if (!isLast && !this.#hasParts) {
      await this.#client.query(createParts(this.#schema, table));
      this.#hasParts = true;
    }
    const target = talliesTarget(this.#schema, table, this.#hasParts);
    for (const line of this.#tallies.takeLines()) {
      this.#text.add(line);
      if (this.#text.size >= this.#enough) await this.#writeText(target);
    }
    await this.#writeText(target);
  }

  async #writeText(target: string): Promise<void> {
    if (this.#text.lines === 0) return;
    await this.#copy(target, this.#text.between(0, this.#text.lines));
    this.#text.clear();
    await this.#governor.breathe();
  }

  /** Before a mark, which later ones build on. Who goes on from one that is not complete sums the tallies up anew. */
  async finish(isComplete: boolean): Promise<void> {
    if (isComplete) await this.#writeTallies(true);
    await this.makeDurable();
  }

  /** All or nothing, beside the rows. */
  async transaction(statements: readonly Statement[]): Promise<void> {
    await this.#writer.transaction(statements);
  }

  /** Everything that was committed on the shard so far is there for good, also when the machine fails. */
  async makeDurable(): Promise<void> {
    await this.transaction([{ text: 'SET LOCAL synchronous_commit = on' }, { text: `SELECT pg_logical_emit_message(true, 'folio', 'rebuild')` }]);
  }

  /** Takes the shard back to a mark, with what the rows before it add up to. */
  async resume(job: FillJob, { position, digests, complete }: FillMark, shard: number): Promise<void> {
    const { table, tallies } = this.#projection;
    for (const [lane, { rows, sum }] of Object.entries(digests[shard] ?? {})) Object.assign(this.digests.of(lane as Lane), { rows, sum: BigInt(sum) });
    if (complete) return;
    await takeBack(this.#client, job, table.name, tallies?.table, position);
    if (!this.#tallies) return;
    for await (const values of rowsOf(this.#client, this.#schema, table)) {
      this.#tallies.add(undefined, table.parse(values));
      if (this.#tallies.size > this.#maxTallies) await this.#writeTallies(false);
    }
  }

  digestsByLane(): FillMark['digests'][number] {
    return Object.fromEntries([...this.digests.entries()].map(([lane, { rows, sum }]) => [lane, { rows, sum: sum.toString() }]));
  }

  async close(): Promise<void> {
    await Promise.all([ended(this.#client), this.#writer.close()]);
  }
}
