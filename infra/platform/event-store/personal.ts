import type { Envelope, NewEvent } from '#contracts/kernel/envelope.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import type { Position } from '#contracts/kernel/position.js';
import type { AppendResult, EventStore, ExpectedRevision, LogFilter, LogPage, LogStatus, ReadStreamOptions, SubscribeOptions } from './port.js';

/** How personal text lies in the log; the subject is the stream it is about, so that one subject's key can be thrown away. */
export interface PersonalCodec {
  protect(subject: StreamId, text: string): Promise<string>;
  /** The very text that was protected, or a placeholder when it cannot be read any more. */
  reveal(subject: StreamId, text: string): Promise<string>;
}

/** Text as it is. */
export const PLAIN_CODEC: PersonalCodec = {
  protect: (_subject, text) => Promise.resolve(text),
  reveal: (_subject, text) => Promise.resolve(text),
};

export interface PersonalOptions {
  readonly codec: PersonalCodec;
  /** Top-level text fields of the type's data that are personal; none for a type that is not known. */
  readonly fieldsOf: (type: string) => readonly string[];
}

/** The one place where personal fields are protected on their way into the log and revealed on their way out, for every writer and reader. */
export class PersonalDataStore implements EventStore {
  readonly #store: EventStore & { close(): Promise<void> };
  readonly #codec: PersonalCodec;
  readonly #fieldsOf: PersonalOptions['fieldsOf'];

  constructor(store: EventStore & { close(): Promise<void> }, { codec, fieldsOf }: PersonalOptions) {
    this.#store = store;
    this.#codec = codec;
    this.#fieldsOf = fieldsOf;
  }

  async append(stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    return this.#store.append(stream, expected, await this.#turned(events, (text) => this.#codec.protect(stream, text)));
  }

  async readStream(stream: StreamId, options?: ReadStreamOptions): Promise<readonly Envelope[]> {
    return this.#revealed(await this.#store.readStream(stream, options));
  }

  async readAll(after: Position, options?: { readonly filter?: LogFilter; readonly limit?: number }): Promise<LogPage> {
    return this.#page(await this.#store.readAll(after, options));
  }

  async *subscribe(options: SubscribeOptions): AsyncIterable<LogPage> {
    for await (const page of this.#store.subscribe(options)) yield await this.#page(page);
  }

  status(after?: Position, filter?: LogFilter): Promise<LogStatus> {
    return this.#store.status(after, filter);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #page(page: LogPage): Promise<LogPage> {
    const events = await this.#revealed(page.events);
    return events === page.events ? page : { ...page, events };
  }

  #revealed(events: readonly Envelope[]): Promise<readonly Envelope[]> {
    return this.#turned(events, (text, { stream }) => this.#codec.reveal(stream, text));
  }

  /** The same list when none of its events has personal fields, as most have none. */
  async #turned<Event extends NewEvent>(events: readonly Event[], turn: (text: string, event: Event) => Promise<string>): Promise<readonly Event[]> {
    if (events.every(({ type }) => this.#fieldsOf(type).length === 0)) return events;
    return Promise.all(events.map(async (event) => {
      const fields = this.#fieldsOf(event.type);
      if (fields.length === 0) return event;
      const data: Record<string, unknown> = { ...(event.data as object) };
      for (const field of fields) {
        const text = data[field];
        if (typeof text === 'string') data[field] = await turn(text, event);
      }
      return { ...event, data };
    }));
  }
}
