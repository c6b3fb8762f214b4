import { Agent, get } from 'node:http';
import { comparePositions, toPosition } from '#contracts/kernel/position.js';
import { writeToken } from '#contracts/kernel/lane.js';
import { laneOf } from '#contracts/topics.js';
import { benchStream } from './history.js';
import type { Acknowledged, TokenAnswer, TokenInput } from './token.js';

/** Connections stay open: every read that waits has one of its own. */
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** Now, by the clock that all processes of a machine share (ms). */
const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * The readers: one read of each event as soon as its append is acknowledged, and before that others who wait for it from the moment when it is
 * so many events away. The first message is the task, every other one an acknowledgement; answered when all reads are.
 */
class Readers {
  readonly #times: number[] = [];
  #wrong = 0;
  #waiting = 0;
  #fewest = Number.POSITIVE_INFINITY;
  #answered = 0;
  #open = 0;
  #told = 0;

  constructor(private readonly input: TokenInput, private readonly onDone: (answer: TokenAnswer) => void) {}

  acknowledged({ index, at }: Acknowledged): void {
    const { ahead, events, from, until } = this.input;
    const isMeasured = index >= from && index < until;
    this.#told += 1;
    if (isMeasured) this.#fewest = Math.min(this.#fewest, this.#waiting);
    void this.#read(index).then(() => { if (isMeasured) this.#times.push(sharedNow() - at); }).finally(() => this.#closed());
    // Every third position has two who wait for it.
    const target = index + ahead;
    for (let reader = 0; target < events && reader < (target % 3 === 0 ? 2 : 1); reader += 1) {
      this.#waiting += 1;
      void this.#read(target).finally(() => {
        this.#waiting -= 1;
        this.#closed();
      });
    }
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
        resolve();
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
    this.#answered += 1;
    if (this.#open > 0 || this.#told < this.input.events) return;
    this.onDone({ times: this.#times, wrong: this.#wrong, answered: this.#answered, fewestWaiting: this.#fewest });
  }
}

let readers: Readers | undefined;
process.on('message', (message: TokenInput | Acknowledged) => {
  if ('index' in message) readers?.acknowledged(message);
  else readers = new Readers(message, (answer) => process.send?.(answer));
});
process.once('disconnect', () => process.exit(0));
