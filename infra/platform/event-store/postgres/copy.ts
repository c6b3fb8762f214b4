import pg from 'pg';
import { COLUMNS, type PlacedEvent } from './rows.js';

/** A statement that runs in the transaction before the rows are copied; nobody looks at what it answers. */
export interface Before {
  readonly name: string;
  readonly text: string;
  readonly values?: readonly string[];
}

const COPY_EVENTS = { name: 'copy-events', text: `COPY event (${COLUMNS}) FROM STDIN (FORMAT binary)` };

/** Connections that know the statements of `CopyEvents` by their names. */
const prepared = new WeakMap<pg.Connection, Set<string>>();

/** Its types say that `submit` is a field of every query. As a field it would be one closure each, and the engine links their hidden classes: an old one keeps the young ones. */
const Query = pg.Query as unknown as new (text: string) => Omit<pg.Query, 'submit'>;

/**
 * Statements, and then a COPY into the log, in one message train that ends with one Sync: outside a transaction block that is one
 * transaction and one round trip. Rows are on their way before the server has asked for them; when a statement fails, it skips them.
 * A `Query` by inheritance because a pipelined client takes no other kind. Copying writes pages of rows at a time: two thirds of the
 * server's work for the same rows given to an INSERT.
 */
class CopyEvents extends Query {
  readonly name = '';
  /** Called by the client. */
  readonly callback: (error: Error | undefined) => void;
  readonly #before: readonly Before[];
  readonly #rows: Buffer;

  constructor(before: readonly Before[], rows: Buffer, callback: (error: Error | undefined) => void) {
    super(COPY_EVENTS.text);
    this.callback = callback;
    this.#before = before;
    this.#rows = rows;
  }

  submit(connection: pg.Connection): void {
    const { stream } = connection;
    stream.cork();
    const known = prepared.get(connection) ?? new Set<string>();
    prepared.set(connection, known);
    for (const { name, text, values = [] } of [...this.#before, COPY_EVENTS] as readonly Before[]) {
      if (!known.has(name)) connection.parse({ name, text, types: [] }, true);
      known.add(name);
      connection.bind({ statement: name, values: [...values] }, true);
      connection.execute({}, true);
    }
    stream.write(this.#rows);
    connection.sync();
    stream.uncork();
  }

  handleCopyInResponse(): void { /* the rows are on their way already */ }
  handleDataRow(): void { /* what the statements answer says nothing */ }
  handleCommandComplete(): void { /* the end of the train counts */ }
}

/**
 * Copies the rows, after the given statements. Resolves when the server has done everything, in a transaction of its own unless one is open.
 * `writer` is nobody else's until then.
 */
export const copyEvents = (client: pg.Client, places: readonly PlacedEvent[], { recordedAt, writer, before = [] }: { recordedAt: string; writer: RowWriter; before?: readonly Before[] }): Promise<void> =>
  new Promise((resolve, reject) => {
    client.query(new CopyEvents(before, writer.write(places, recordedAt), (error) => (error ? reject(error) : resolve())));
  });

const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
/** Signature, no flags, no extension of the header. */
const FILE_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** `timestamptz` counts microseconds from here. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const FIELDS = COLUMNS.split(',').length;
/** Number of fields and their lengths, and the fields of fixed size. */
const FIXED_BYTES = 2 + FIELDS * 4 + 8 + 8 + 16 + 4 + 8;
const FIRST_BYTES = 65_536;
/** Larger memory is given back after the batch that needed it. */
const KEPT_BYTES = 1_048_576;

/**
 * Writes rows of the log as the messages CopyData (the binary file of COPY) and CopyDone, into memory of its own that the next batch uses
 * again: allocating it for every batch would keep the garbage collector busy. What was written is valid until the next `write`.
 */
export class RowWriter {
  #buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #end = 0;

  write(places: readonly PlacedEvent[], recordedAt: string): Buffer {
    if (this.#buffer.length > KEPT_BYTES) this.#buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
    const recordedMicros = BigInt(Date.parse(recordedAt) - EPOCH_MS) * 1_000n;
    this.#buffer[0] = COPY_DATA;
    this.#end = 5 + FILE_HEADER.copy(this.#buffer, 5);
    for (const place of places) this.#row(place, recordedMicros);
    this.#room(7);
    this.#end = this.#buffer.writeInt16BE(-1, this.#end);
    this.#buffer.writeInt32BE(this.#end - 1, 1);
    this.#buffer[this.#end] = COPY_DONE;
    this.#end = this.#buffer.writeInt32BE(4, this.#end + 1);
    return this.#buffer.subarray(0, this.#end);
  }

  #row({ event, stream, revision, position, meta, data }: PlacedEvent, recordedMicros: bigint): void {
    // A unit of UTF-16 is at most three bytes.
    this.#room(FIXED_BYTES + (stream.length + event.type.length + meta.length + data.length) * 3);
    this.#end = this.#buffer.writeInt16BE(FIELDS, this.#end);
    this.#int8(position);
    this.#text(stream);
    this.#int8(BigInt(revision));
    this.#uuid(event.id);
    this.#text(event.type);
    this.#int4(event.version);
    this.#int8(recordedMicros);
    this.#text(meta);
    this.#text(data);
  }

  #room(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#end + bytes, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#buffer = larger;
  }

  #int4(value: number): void {
    this.#end = this.#buffer.writeInt32BE(value, this.#buffer.writeInt32BE(4, this.#end));
  }

  #int8(value: bigint): void {
    this.#end = this.#buffer.writeBigInt64BE(value, this.#buffer.writeInt32BE(8, this.#end));
  }

  #uuid(value: string): void {
    const start = this.#buffer.writeInt32BE(16, this.#end);
    this.#end = start + this.#buffer.write(value.replaceAll('-', ''), start, 16, 'hex');
  }

  #text(value: string): void {
    const length = this.#buffer.write(value, this.#end + 4);
    this.#end = this.#buffer.writeInt32BE(length, this.#end) + length;
  }
}
