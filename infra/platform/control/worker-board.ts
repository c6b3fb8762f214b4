import type { ControlDatabase } from './database.js';
import { FORGOTTEN_SECONDS } from './leases.js';

/** What a worker last told of itself, and when. The platform does not look into the report. */
export interface WorkerNote<Report> {
  readonly projection: string;
  readonly owner: string;
  /** How old the report is (s), by the clock of the control database. */
  readonly age: number;
  readonly report: Report;
}

/** A rebuild that has told nothing for so long has died with its process (s). */
const REBUILD_SILENT_SECONDS = 10;

/**
 * Where workers and rebuilds of other processes can be read. Workers write their report with the same statement that says once a second
 * that they are there (`Leases.present`), so it costs no round trip of its own.
 */
export class WorkerBoard<Report, Progress> {
  readonly #control: ControlDatabase;
  readonly #owner: string;

  constructor(control: ControlDatabase, owner: string) {
    this.#control = control;
    this.#owner = owner;
  }

  /** Workers of all projections that are not forgotten yet. */
  async workers(): Promise<readonly WorkerNote<Report>[]> {
    return this.#control.rows<WorkerNote<Report>>(
      `SELECT projection, owner, extract(epoch FROM now() - told_at)::float8 AS age, report FROM worker
       WHERE report IS NOT NULL AND told_at > now() - make_interval(secs => $1) ORDER BY projection, owner`, [FORGOTTEN_SECONDS],
    );
  }

  /** Rebuilds that run, by projection. */
  async rebuilds(): Promise<ReadonlyMap<string, Progress>> {
    const rows = await this.#control.rows<{ projection: string; progress: Progress }>(
      'SELECT projection, progress FROM rebuild_note WHERE told_at > now() - make_interval(secs => $1)', [REBUILD_SILENT_SECONDS],
    );
    return new Map(rows.map(({ projection, progress }) => [projection, progress]));
  }

  async rebuilding(projection: string, progress: Progress): Promise<void> {
    await this.#control.rows(
      `INSERT INTO rebuild_note (projection, owner, progress) VALUES ($1, $2, $3)
       ON CONFLICT (projection) DO UPDATE SET owner = excluded.owner, progress = excluded.progress, told_at = now()`,
      [projection, this.#owner, JSON.stringify(progress)],
    );
  }

  /** This process no longer rebuilds it; what another one tells stays. */
  async rebuilt(projection: string): Promise<void> {
    await this.#control.rows('DELETE FROM rebuild_note WHERE projection = $1 AND owner = $2', [projection, this.#owner]);
  }
}
