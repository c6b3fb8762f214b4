import type { Envelope, NewEvent } from '#contracts/kernel/envelope.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { randomUuid, type StreamId } from '#contracts/kernel/ids.js';
import { comparePositions, isAfter, ORIGIN, toPosition, toRevision, type Position } from '#contracts/kernel/position.js';
import { Bell } from '../wake.js';
import { matches } from './filter.js';
import { checkAppend, checkSize, checkText, judgeAppend } from './judge.js';
import { EVENT_STORE_LIMITS, type AppendResult, type EventStore, type ExpectedRevision, type LogFilter, type LogPage, type LogStatus, type ReadStreamOptions, type SubscribeOptions } from './port.js';
import { followLog } from './subscribe.js';

/** The log in one process's memory: for tests, `validate` and short-lived tools. Same contract, no durability. */
export class MemoryEventStore implements EventStore {
  readonly #log: Envelope[] = [];
  readonly #streams = new Map<StreamId, Envelope[]>();
  readonly #bell = new Bell();
  readonly #logId = randomUuid();
  #lastRecorded = '';

  async append(stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    checkAppend(stream, events);
    for (const event of events) checkStorable(event);
    const existing = this.#streams.get(stream) ?? [];
    const last = existing.at(-1);
    const judged = judgeAppend(expected, events, { revision: last ? last.revision : null, at: (revision) => existing[revision] });
    if (!judged.write) return judged.result;
    const stored = events.map((event, index) => this.#place(stream, judged.first + index, event));
    this.#streams.set(stream, [...existing, ...stored]);
    this.#bell.ring();
    const end = stored.at(-1);
    if (!end) throw platformProblem('internal');
    return { outcome: 'appended', revision: end.revision, position: end.position, repeated: false };
  }

  #place(stream: StreamId, revision: number, event: NewEvent): Envelope {
    const now = new Date().toISOString();
    this.#lastRecorded = now > this.#lastRecorded ? now : this.#lastRecorded;
    const placed: Envelope = {
      ...structuredClone(event),
      stream,
      revision: toRevision(revision),
      position: toPosition(String(this.#log.length + 1)),
      recordedAt: this.#lastRecorded,
    };
    this.#log.push(placed);
    return placed;
  }

  async readStream(stream: StreamId, options: ReadStreamOptions = {}): Promise<readonly Envelope[]> {
    const { direction = 'forwards', limit = EVENT_STORE_LIMITS.defaultStreamPage } = options;
    const events = this.#streams.get(stream) ?? [];
    if (direction === 'forwards') return events.slice(options.from ?? 0).slice(0, limit);
    return events.slice(0, (options.from ?? events.length - 1) + 1).reverse().slice(0, limit);
  }

  async readAll(after: Position, options: { filter?: LogFilter; limit?: number } = {}): Promise<LogPage> {
    const { filter, limit = EVENT_STORE_LIMITS.defaultPage } = options;
    const events: Envelope[] = [];
    let scannedTo = after;
    for (const event of this.#log.slice(Number(after))) {
      if (events.length === limit) return { events, scannedTo, atHead: false };
      if (matches(filter, event)) events.push(event);
      scannedTo = event.position;
    }
    return { events, scannedTo, atHead: true };
  }

  subscribe(options: SubscribeOptions): AsyncIterable<LogPage> {
    return followLog((after, limit) => this.readAll(after, { ...(options.filter && { filter: options.filter }), limit }), this.#bell, options);
  }

  async status(after?: Position, filter?: LogFilter): Promise<LogStatus> {
    const behind = after && this.#log.filter((event) => isAfter(event.position, after) && matches(filter, event)).length;
    const head = this.#log.at(-1)?.position ?? ORIGIN;
    return { logId: this.#logId, head: comparePositions(head, ORIGIN) > 0 ? head : ORIGIN, behind: behind === undefined ? null : Math.min(behind, EVENT_STORE_LIMITS.behindCountLimit) };
  }
}

/** Refuses what the durable store refuses, so that a test in memory cannot pass where the real engine fails. */
function checkStorable(event: NewEvent): void {
  const json = JSON.stringify(event);
  checkSize(Buffer.byteLength(json));
  checkText(json);
}
