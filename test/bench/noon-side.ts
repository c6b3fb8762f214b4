import { Agent, get } from 'node:http';
import { benchStream } from './history.js';

export interface NoonInput {
  readonly port: number;
  readonly invoices: number;
  readonly perSecond: number;
  readonly damage: boolean;
}

export interface NoonAnswer {
  /** Of every read, from when it was due until its answer was whole (ms). */
  readonly times: readonly number[];
  readonly wrong: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

let isStopped = false;
/** Of all runs: what an earlier one asked for is in the cache, and would be answered without a table. */
let asked = 0;

/** At the steady rate until it is told to stop. */
async function read({ port, invoices, perSecond, damage }: NoonInput): Promise<NoonAnswer> {
  const times: number[] = [];
  let wrong = damage ? 1 : 0;
  const began = performance.now();
  const reads: Promise<void>[] = [];
  for (let count = 0; !isStopped; count += 1) {
    const due = began + (count * 1_000) / perSecond;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
    // A quarter are lists; the single invoices are spread so that they come from their tables.
    asked += 1;
    const path = asked % 4 === 0 ? '/api/v1/invoices?sort=-received&limit=20' : `/api/v1/invoices/${benchStream((asked * 7_919) % invoices).slice('invoice-'.length)}`;
    reads.push(ask(port, path).then((isRight) => {
      times.push(performance.now() - due);
      if (!isRight) wrong += 1;
    }));
  }
  await Promise.all(reads);
  return { times, wrong };
}

process.on('message', (message: NoonInput | { readonly stop: true }) => {
  isStopped = 'stop' in message;
  if (!('stop' in message)) void read(message).then((answer) => process.send?.(answer));
});
process.once('disconnect', () => process.exit(0));

function ask(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => {
      let length = 0;
      response.on('data', (chunk: Buffer) => { length += chunk.length; });
      response.on('end', () => resolve(response.statusCode === 200 && length > 200));
    }).on('error', () => resolve(false));
  });
}
