import type { Lane } from '#contracts/kernel/lane.js';
import type { ControlDatabase } from './database.js';

export const LEASE_SECONDS = 3;
export const RENEW_MS = 1_000;
/** A worker that has said nothing for so long is taken off the board (s). */
export const FORGOTTEN_SECONDS = 15;

/** The right to write a lane: every checkpoint names the epoch, so an owner that lost the lane commits nothing. */
export interface Lease {
  readonly lane: Lane;
  readonly epoch: string;
}

export interface TakenLease extends Lease {
  /** The owner before let go of it (or there was none); otherwise it may have died over what it was handling. */
  readonly clean: boolean;
}

/**
 * Lanes of projections leased to workers. Epoch + 1 at every change of owner; all instants are those of the control database.
 * A worker that starts again under its own name takes its lanes back at once.
 */
export class Leases {
  readonly #control: ControlDatabase;
  readonly owner: string;

  constructor(control: ControlDatabase, owner: string) {
    this.#control = control;
    this.owner = owner;
  }

  /**
   * Takes lanes that are free, expired, released or already under this owner's name: at most `limit`, its own first. Two that take at once may
   * want the same ones; who comes second gets fewer and looks again.
   */
  async take(projection: string, lanes: readonly Lane[], limit = lanes.length): Promise<readonly TakenLease[]> {
    return this.#control.rows<TakenLease>(
      `WITH wanted AS (SELECT all_lanes.lane FROM unnest($2::text[]) WITH ORDINALITY AS all_lanes(lane, place) LEFT JOIN lease ON lease.projection = $1 AND lease.lane = all_lanes.lane
         ORDER BY coalesce(lease.owner = $3 AND NOT lease.released, false) DESC, coalesce(NOT lease.released AND lease.expires_at >= now(), false), place LIMIT $5),
       taken AS (INSERT INTO lease AS held (projection, lane, owner, epoch, expires_at, released)
         SELECT $1, lane, $3, 1, now() + make_interval(secs => $4), false FROM wanted ORDER BY lane
       ON CONFLICT (projection, lane) DO UPDATE SET owner = $3, epoch = held.epoch + 1, expires_at = excluded.expires_at, released = false
         WHERE held.released OR held.expires_at < now() OR held.owner = $3
       RETURNING lane, epoch)
       SELECT taken.lane, taken.epoch, coalesce(before.released, true) AS clean FROM taken LEFT JOIN lease AS before ON before.projection = $1 AND before.lane = taken.lane`,
      [projection, lanes, this.owner, LEASE_SECONDS, limit],
    );
  }

  /** Says that this worker is there and works, and leaves its report on the board. @returns how many workers there are, itself included */
  async present(projection: string, report: object): Promise<number> {
    const [row] = await this.#control.rows<{ workers: string }>(
      `WITH me AS (INSERT INTO worker (projection, owner, seen_at, told_at, report) VALUES ($1, $2, now(), now(), $4)
         ON CONFLICT (projection, owner) DO UPDATE SET seen_at = now(), told_at = now(), report = excluded.report),
       gone AS (DELETE FROM worker WHERE (projection, owner) IN (
         SELECT projection, owner FROM worker WHERE projection = $1 AND owner <> $2 AND greatest(seen_at, told_at) < now() - make_interval(secs => $5) FOR UPDATE SKIP LOCKED))
       SELECT count(*) AS workers FROM worker WHERE projection = $1 AND owner <> $2 AND seen_at > now() - make_interval(secs => $3)`,
      [projection, this.owner, LEASE_SECONDS, JSON.stringify(report), FORGOTTEN_SECONDS],
    );
    return 1 + Number(row?.workers ?? 0);
  }

  /** The report alone, of a worker that works on nothing: no lanes are kept free for it. */
  async tell(projection: string, report: object): Promise<void> {
    await this.#control.rows(
      `INSERT INTO worker (projection, owner, seen_at, report) VALUES ($1, $2, '-infinity', $3) ON CONFLICT (projection, owner) DO UPDATE SET told_at = now(), report = excluded.report`,
      [projection, this.owner, JSON.stringify(report)],
    );
  }

  /** A clean end: the others may share what was this worker's at once. */
  async leave(projection: string): Promise<void> {
    await this.#control.rows('DELETE FROM worker WHERE projection = $1 AND owner = $2', [projection, this.owner]);
  }

  /** Prolongs what is still this owner's at these epochs. @returns the lanes that are */
  async renew(projection: string, leases: readonly Lease[]): Promise<ReadonlySet<Lane>> {
    const rows = await this.#control.rows<{ lane: Lane }>(
      `UPDATE lease SET expires_at = now() + make_interval(secs => $4) FROM unnest($2::text[], $3::bigint[]) AS mine(lane, epoch)
       WHERE lease.projection = $1 AND lease.lane = mine.lane AND lease.epoch = mine.epoch AND lease.owner = $5 AND NOT lease.released RETURNING lease.lane`,
      [projection, leases.map(({ lane }) => lane), leases.map(({ epoch }) => epoch), LEASE_SECONDS, this.owner],
    );
    return new Set(rows.map(({ lane }) => lane));
  }

  /** A clean end: others take the lanes at once and know that nothing was half done. */
  async release(projection: string, leases: readonly Lease[]): Promise<void> {
    await this.#control.rows(
      `UPDATE lease SET released = true FROM unnest($2::text[], $3::bigint[]) AS mine(lane, epoch)
       WHERE lease.projection = $1 AND lease.lane = mine.lane AND lease.epoch = mine.epoch AND lease.owner = $4`,
      [projection, leases.map(({ lane }) => lane), leases.map(({ epoch }) => epoch), this.owner],
    );
  }

  /** Whether a lane could be taken now; asked once a second by workers that do not have all. */
  async free(projection: string, lanes: readonly Lane[]): Promise<boolean> {
    const [row] = await this.#control.rows<{ held: string }>(
      'SELECT count(*) AS held FROM lease WHERE projection = $1 AND lane = ANY($2::text[]) AND NOT released AND expires_at >= now() AND owner <> $3',
      [projection, lanes, this.owner],
    );
    return Number(row?.held ?? 0) < lanes.length;
  }
}
