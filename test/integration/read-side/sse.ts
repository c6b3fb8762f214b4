import { createParser } from '../../../cli/event-stream.js';
import type { TailEvent } from '../../../cli/event-stream.js';

/** A reader of server-sent events that takes them one by one. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #parse = createParser();
  readonly #decoder = new TextDecoder();
  readonly #ready: TailEvent[] = [];
  /** Everything that came, as it came. */
  text = '';

  constructor(answer: Response) {
    if (!answer.body) throw new Error('no body');
    this.#reader = answer.body.getReader();
  }

  /** Reads on until the text holds what is looked for. */
  async untilText(part: string): Promise<void> {
    while (!this.text.includes(part)) if (!(await this.#more())) throw new Error('the stream ended');
  }

  /** The next events, places without an event left out. */
  async take(count: number): Promise<TailEvent[]> {
    while (this.#ready.filter(isEvent).length < count) if (!(await this.#more())) throw new Error('the stream ended');
    const events: TailEvent[] = [];
    while (events.length < count) {
      const event = this.#ready.shift();
      if (event && isEvent(event)) events.push(event);
    }
    return events;
  }

  /** @returns whether the stream ended by itself */
  async ended(): Promise<boolean> {
    while (await this.#more()) continue;
    return true;
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#reader.read();
    if (done) return false;
    const text = this.#decoder.decode(value, { stream: true });
    this.text += text;
    this.#ready.push(...this.#parse(text));
    return true;
  }

  close(): Promise<void> {
    return this.#reader.cancel();
  }
}

const isEvent = ({ type }: TailEvent): boolean => type !== 'position';
