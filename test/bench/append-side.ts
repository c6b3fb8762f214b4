import pg from 'pg';
import { randomUuid, toStreamId } from '#contracts/kernel/ids.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { COLUMNS } from '#platform/event-store/postgres/rows.js';
import { someEvent } from '../support/events.js';
import type { AppendAnswer, AppendInput } from './append.js';
import { percentile } from './contract.js';
import { answerSide } from './side.js';

const DATA = { attempt: 1, note: 'x'.repeat(400) };
const SLOW_MS = 200;
/** Before the measured time, for both sides: connections, prepared statements, compiled code (a share of it). */
const WARM_UP = 2 / 3;

type One = () => Promise<void>;

answerSide(async (input: AppendInput): Promise<AppendAnswer> => {
  const { one, close } = input.kind === 'ours' ? ours(input) : await autocommit(input);
  const round = async (milliseconds: number): Promise<{ times: number[]; seconds: number }> => {
    const times: number[] = [];
    const began = performance.now();
    const deadline = began + milliseconds;
    await Promise.all(Array.from({ length: input.callers }, async (_, caller) => {
      const call = one(caller);
      while (performance.now() < deadline) {
        const start = performance.now();
        await call();
        times.push(performance.now() - start);
      }
    }));
    return { times, seconds: (performance.now() - began) / 1_000 };
  };
  const warm = await round(input.milliseconds * WARM_UP);
  const { times, seconds } = await round(input.milliseconds);
  await close();
  return { perSecond: times.length / seconds, p99: percentile(times, 0.99), appended: warm.times.length + times.length };
});

function ours({ append, read, slow }: AppendInput): { one: (caller: number) => One; close: () => Promise<void> } {
  const store = new PostgresEventStore({ append, read, readers: 1 });
  const one = (): One => async () => {
    if (slow) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    await store.append(toStreamId(`bench-${randomUuid()}`), 'none', [someEvent('fiscal.invoice.processing-started', DATA)]);
  };
  return { one, close: () => store.close() };
}

async function autocommit({ append, callers }: AppendInput): Promise<{ one: (caller: number) => One; close: () => Promise<void> }> {
  const clients = await Promise.all(Array.from({ length: callers }, async () => {
    const client = new pg.Client(append);
    await client.connect();
    return client;
  }));
  let position = await lastPosition(clients[0]);
  const text = `INSERT INTO event (${COLUMNS}) VALUES ($1, $2, 0, $3, $4, 1, $5, $6, $7)`;
  const one = (caller: number): One => async () => {
    const event = someEvent('fiscal.invoice.processing-started', DATA);
    position += 1;
    const { id, type, occurredAt, correlationId, causationId, actor, shardKey, month, data } = event;
    const meta = JSON.stringify([occurredAt, correlationId, causationId, actor.kind, actor.id, shardKey, month, null, null]);
    const values = [position, `bench-${randomUuid()}`, id, type, occurredAt, meta, JSON.stringify(data)];
    await clients[caller]?.query({ name: 'insert', text, values });
  };
  return { one, close: async () => { await Promise.all(clients.map((client) => client.end())); } };
}

async function lastPosition(client: pg.Client | undefined): Promise<number> {
  const found = await client?.query<{ last: string }>(`SELECT coalesce(max(position), 0) AS last FROM event`);
  return Number(found?.rows[0]?.last);
}
