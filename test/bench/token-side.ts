import { Agent, get } from 'node:http';
import { comparePositions, toPosition } from '#contracts/kernel/position.js';
import { writeToken } from '#contracts/kernel/lane.js';
import { laneOf } from '#contracts/topics.js';
import { benchStream } from './history.js';
import { sharedNow } from './side.js';
import type { Acknowledged, TokenAnswer, TokenInput } from './token.js';

/** Connections stay open: every read that waits has one of its own. */
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** Of so many events one has a read that is begun when it is acknowledged. */
const BEHIND_EVERY = 10;
/** Of so many events one has two who wait for it, the others one. */
const TWO_EVERY = 5;

/**
 * The readers: some who wait for each event from the moment when it is so many events away, and now and then one who asks when it is acknowledged.
 * The first message is the task, every other one an acknowledgement; answered when all reads are.
 */
class Readers {
  readonly #waits: { readonly index: number; readonly answered: number }[] = [];
  readonly #begunBehind: number[] = [];
  readonly #acknowledgedAt = new Map<number, number>();
  #wrong = 0;
  #waiting = 0;
  #fewest = Number.POSITIVE_INFINITY;
  #answered = 0;
  #open = 0;

  constructor(private readonly input: TokenInput, private readonly onDone: (answer: TokenAnswer) => void) {}

  acknowledged({ index, at }: Acknowledged): void {
    const { ahead, events } = this.input;
    this.#acknowledgedAt.set(index, at);
    if (this.#isMeasured(index)) this.#fewest = Math.min(this.#fewest, this.#waiting);
    this.#open += 1;
    if (index % BEHIND_EVERY === 0) void this.#read(index).then(() => { if (this.#isMeasured(index)) this.#begunBehind.push(sharedNow() - at); });
    const target = index + ahead;
    for (let reader = 0; target < events && reader < (target % TWO_EVERY === 0 ? 2 : 1); reader += 1) {
      this.#waiting += 1;
      void this.#read(target).then(() => {
        this.#waiting -= 1;
        if (this.#isMeasured(target)) this.#waits.push({ index: target, answered: sharedNow() });
      });
    }
    this.#closed();
  }

  #isMeasured(index: number): boolean {
    return index >= this.input.from && index < this.input.until;
  }

  /** One read behind the token of the event; what is stale, older than asked or no answer at all is counted as wrong. */
  #read(index: number): Promise<void> {
    const { port, firstIndex, firstPosition, damage } = this.input;
    const stream = benchStream(firstIndex + index);
    const asked = toPosition(String(firstPosition + index));
    const headers = { 'Folio-Position': writeToken([{ position: asked, lane: laneOf('fiscal.invoice.created', stream) }]) };
    this.#open += 1;
    return new Promise((resolve) => {
      const settle = (isRight: boolean): void => {
        if (!isRight) this.#wrong += 1;
        this.#answered += 1;
        resolve();
        // Whoever waits for this answer looks at it first.
        setImmediate(() => this.#closed());
      };
      get({ agent, host: '127.0.0.1', port, path: `/api/v1/invoices/${stream.slice('invoice-'.length)}`, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('error', () => settle(false)).on('end', () => {
          const body = response.statusCode === 200 ? (JSON.parse(text) as { position: string }) : undefined;
          const position = toPosition(damage && index === 0 ? '0' : (body?.position ?? '0'));
          settle(comparePositions(position, asked) >= 0 && response.headers['folio-stale'] === undefined);
        });
      }).on('error', () => settle(false));
    });
  }

  #closed(): void {
    this.#open -= 1;
    if (this.#open > 0 || this.#acknowledgedAt.size < this.input.events) return;
    // An answer may come before the word that its event is durable.
    const times = this.#waits.map(({ index, answered }) => Math.max(0, answered - (this.#acknowledgedAt.get(index) ?? answered)));
    this.onDone({ times, begunBehind: this.#begunBehind, wrong: this.#wrong, answered: this.#answered, fewestWaiting: this.#fewest });
  }
}

let readers: Readers | undefined;
process.on('message', (message: TokenInput | Acknowledged) => {
  if ('index' in message) readers?.acknowledged(message);
  else readers = new Readers(message, (answer) => process.send?.(answer));
});
process.once('disconnect', () => process.exit(0));
