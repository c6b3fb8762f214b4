import type { Envelope, NewEvent } from '#contracts/kernel/envelope.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import type { Position } from '#contracts/kernel/position.js';
import type { AppendResult, EventStore, ExpectedRevision, LogFilter, LogPage, LogStatus, ReadStreamOptions, SubscribeOptions } from '#platform/event-store/port.js';
import type { Metrics } from '#platform/http/metrics.js';
import type { ProjectionsHandle, WorkerHooks } from '../../projections/role.js';
import type { CommandApiOptions, Processing, ProcessingOptions, Relay } from '../../write-side/role.js';
import { projectionHooks, watchProjections } from './projection-metrics.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** A store whose appends are counted and timed, with the hooks by which the other roles report into the same metrics. */
export class InstrumentedStore implements EventStore {
  readonly processingHooks: ProcessingHooks;
  readonly projectionHooks: WorkerHooks;
  readonly #metrics: Metrics;
  readonly #appendSeconds;
  readonly #appends;

  constructor(private readonly store: EventStore & { close(): Promise<void> }, metrics: Metrics) {
    this.#metrics = metrics;
    this.#appendSeconds = metrics.histogram('append_seconds', 'Time from the call of an append to its answer.', SECONDS);
    this.#appends = metrics.counter('appends_total', 'Appends by outcome.', ['outcome']);
    this.processingHooks = processingHooks(metrics);
    this.projectionHooks = projectionHooks(metrics, SECONDS);
  }

  async append(stream: StreamId, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    const end = this.#appendSeconds.startTimer();
    try {
      const result = await this.store.append(stream, expected, events);
      this.#appends.inc({ outcome: result.outcome });
      return result;
    } catch (error) {
      this.#appends.inc({ outcome: 'failed' });
      throw error;
    } finally {
      end();
    }
  }

  readStream(stream: StreamId, options?: ReadStreamOptions): Promise<readonly Envelope[]> {
    return this.store.readStream(stream, options);
  }

  readAll(after: Position, options?: { readonly filter?: LogFilter; readonly limit?: number }): Promise<LogPage> {
    return this.store.readAll(after, options);
  }

  subscribe(options: SubscribeOptions): AsyncIterable<LogPage> {
    return this.store.subscribe(options);
  }

  status(after?: Position, filter?: LogFilter): Promise<LogStatus> {
    return this.store.status(after, filter);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  watchProjections(projections: ProjectionsHandle): void {
    watchProjections(this.#metrics, projections);
  }

  watchProcessing(processing: Processing): void {
    this.#metrics.gauge('processing_running', 'Invoices being processed now.', [], (gauge) => gauge.set(processing.processor.running));
    this.#metrics.gauge('processing_pending', 'Work items not finished.', [], async (gauge) => gauge.set(await processing.pendingWork()));
    this.#metrics.gauge('imports_open', 'Imports that have not ended (at most 100 are counted).', [], async (gauge) => gauge.set(await processing.openImports()));
    this.#metrics.gauge('duplicates_events_behind', 'Validated invoices that the watch for duplicates has not looked at, in the process that does it.', [], async (gauge) => {
      const behind = await processing.duplicates.behind();
      if (behind !== undefined) gauge.set(behind);
    });
    const { authority } = processing;
    if (authority) this.#metrics.gauge('authority_overdue_seconds', 'Age of the oldest question to the authority that is due.', [], async (gauge) => gauge.set(await authority.secondsOverdue()));
  }

  /** @returns what the relay calls after each page that it has published */
  relayHook(): (events: number, seconds: number) => void {
    const events = this.#metrics.counter('relay_events_total', 'Events published.', []);
    const seconds = this.#metrics.histogram('relay_publish_seconds', 'From a page of the log to its committed transactions.', SECONDS);
    return (count, duration) => {
      events.inc(count);
      seconds.observe(duration);
    };
  }

  watchRelay(relay: Relay): void {
    this.#metrics.gauge('relay_seconds_behind', 'Age of the oldest event that is not on the bus.', [], (gauge) => gauge.set(relay.status().secondsBehind));
    this.#metrics.gauge('relay_events_behind', 'Events that are not on the bus.', [], async (gauge) => {
      const { behind } = await this.store.status(relay.status().position).catch(() => ({ behind: null }));
      if (behind !== null) gauge.set(behind);
    });
    this.#metrics.gauge('relay_working', '1 while this process is the relay that publishes.', [], (gauge) => gauge.set(relay.status().state === 'running' ? 1 : 0));
  }
}

export const instrument = (store: EventStore & { close(): Promise<void> }, metrics: Metrics): InstrumentedStore => new InstrumentedStore(store, metrics);

type ProcessingHooks = Required<Pick<ProcessingOptions, 'onProcessed' | 'onAsked'>> & Required<Pick<CommandApiOptions, 'onSignIn'>>;

function processingHooks(metrics: Metrics): ProcessingHooks {
  const outcomes = metrics.counter('processing_total', 'Attempts at invoices by outcome.', ['outcome']);
  const seconds = metrics.histogram('processing_seconds', 'Duration of an attempt.', SECONDS);
  const questions = metrics.counter('authority_questions_total', 'Questions to the authority by outcome.', ['outcome']);
  const signIns = metrics.counter('sign_ins_total', 'Attempts to sign in by outcome.', ['outcome']);
  return {
    onProcessed: (outcome, milliseconds) => {
      outcomes.inc({ outcome });
      seconds.observe(milliseconds / 1_000);
    },
    onAsked: (outcome) => questions.inc({ outcome }),
    onSignIn: (outcome) => signIns.inc({ outcome }),
  };
}
