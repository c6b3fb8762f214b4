import type { ProjectionStatus } from '#contracts/queries.js';
import type { Metrics } from '#platform/http/metrics.js';
import type { ProjectionsHandle, WorkerHooks } from '../../projections/role.js';

type Handle = Pick<ProjectionsHandle, 'status' | 'workers'>;

/** Counted as batches pass. */
export function projectionHooks(metrics: Metrics, seconds: readonly number[]): WorkerHooks {
  const outcomes = metrics.counter('projection_events_total', 'Events by projection and outcome.', ['projection', 'outcome']);
  const batches = metrics.histogram('projection_batch_events', 'Events per committed batch.', [1, 5, 20, 100, 500, 1_000], ['projection']);
  const visible = metrics.histogram('projection_visible_seconds', 'From recorded to visible, newest event of a batch.', seconds, ['projection']);
  const faults = metrics.counter('projection_faults_total', 'Batches that failed and were tried again.', ['projection']);
  return {
    onBatch: ({ projection, events, outcomes: counted, visibleAfterMs }) => {
      batches.observe({ projection }, events);
      if (visibleAfterMs !== null) visible.observe({ projection }, visibleAfterMs / 1_000);
      for (const [outcome, count] of Object.entries<number>({ ...counted })) if (count > 0) outcomes.inc({ projection, outcome }, count);
    },
    onFault: ({ projection }) => faults.inc({ projection }),
  };
}

/** Gauges that are read when the metrics are asked for: lanes from the workers of this process, the rest from one status for the whole scrape. */
export function watchProjections(metrics: Metrics, projections: Handle): void {
  watchLanes(metrics, projections);
  const status = oncePerScrape(() => projections.status());
  const gauge = (name: string, help: string, valueOf: (status: ProjectionStatus) => number | null | undefined): void => {
    metrics.gauge(name, help, ['projection'], async (made) => {
      const told = await status();
      // What is unknown now must not be told as it was.
      made.reset();
      for (const one of told) {
        const value = valueOf(one);
        if (value !== null && value !== undefined) made.set({ projection: one.name }, value);
      }
    });
  };
  gauge('projection_seconds_behind', 'Age of the oldest event not yet visible.', ({ secondsBehind }) => secondsBehind);
  gauge('projection_events_behind', 'Events not yet applied.', ({ eventsBehind }) => eventsBehind);
  gauge('projection_stalled', '1 while events wait and no lane moves.', ({ stalled }) => (stalled ? 1 : 0));
  gauge('projection_workers', 'Workers that are there, over all processes.', ({ workers }) => workers);
  gauge('projection_parked_streams', 'Streams in quarantine.', ({ parkedStreams }) => parkedStreams);
  gauge('projection_oldest_parked_seconds', 'Age of the oldest stream in quarantine; 0 while there is none.', ({ parkedStreams, oldestParkedSeconds }) => (parkedStreams === null ? null : (oldestParkedSeconds ?? 0)));
  gauge('projection_rebuild_events_done', 'Events that the running rebuild has folded.', ({ rebuild }) => rebuild?.eventsDone);
  gauge('projection_rebuild_events_total', 'Events that the running rebuild has to fold.', ({ rebuild }) => rebuild?.eventsTotal);
  gauge('projection_rebuild_eta_seconds', 'Time that the running rebuild still needs at its rate so far.', ({ rebuild }) => rebuild?.etaSeconds);
}

/** Without a query. A lane that another worker has taken over is told by that one's process. */
function watchLanes(metrics: Metrics, projections: Handle): void {
  const gauge = (name: string, help: string, key: 'secondsBehind' | 'eventsPerSecond'): void => {
    metrics.gauge(name, help, ['projection', 'lane'], (made) => {
      made.reset();
      for (const [projection, { lanes }] of Object.entries(projections.workers())) for (const held of lanes) made.set({ projection, lane: held.lane }, held[key]);
    });
  };
  gauge('projection_lane_seconds_behind', 'Age of the oldest event of the lane that was read and is not visible.', 'secondsBehind');
  gauge('projection_lane_events_per_second', 'Events of the lane made visible, mean of ten seconds.', 'eventsPerSecond');
}

/** Gauges of one scrape are collected at once: they share one answer. Without one they stay empty, and the other metrics are told all the same. */
function oncePerScrape(ask: () => Promise<readonly ProjectionStatus[]>): () => Promise<readonly ProjectionStatus[]> {
  let running: Promise<readonly ProjectionStatus[]> | undefined;
  return () => (running ??= ask().catch(() => []).finally(() => (running = undefined)));
}
