import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Position } from '#contracts/kernel/position.js';
import type { ControlDatabase } from './database.js';

export type RelayState = 'standby' | 'running' | 'failing' | 'log-diverged' | 'stopped';

/** What the working relay last said of itself. */
export interface RelayReport {
  readonly state: RelayState;
  readonly owner: string;
  readonly position: Position;
  /** Null where the store cannot count. */
  readonly eventsBehind: number | null;
  /** Age of the oldest event that is not on the bus. */
  readonly secondsBehind: number;
}

export interface RelayNote extends RelayReport {
  readonly name: string;
  /** Events that went out as a reference only, or not at all. */
  readonly parked: number;
  /** How old the report is (s): an old one means that no relay runs. */
  readonly age: number;
}

/** Where relays tell other processes how far they are and what they could not publish. */
export class RelayBoard {
  constructor(private readonly control: ControlDatabase) {}

  async report(name: string, status: RelayReport): Promise<void> {
    await this.control.rows(
      'INSERT INTO relay_status (name, status) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET status = excluded.status, updated_at = now()', [name, JSON.stringify(status)],
    );
  }

  /** Told again after a crash: the same event is one entry. */
  async park(name: string, events: readonly { readonly event: Envelope; readonly reason: string }[]): Promise<void> {
    await this.control.rows(
      `INSERT INTO relay_parked (name, event_id, stream, revision, position, type, reason)
       SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[]) ON CONFLICT DO NOTHING`,
      [
        name, events.map(({ event }) => event.id), events.map(({ event }) => event.stream), events.map(({ event }) => event.revision), events.map(({ event }) => event.position),
        events.map(({ event }) => event.type), events.map(({ reason }) => reason.slice(0, 300)),
      ],
    );
  }

  async read(): Promise<readonly RelayNote[]> {
    const rows = await this.control.rows<{ name: string; status: RelayReport; parked: string; age: number }>(
      `SELECT name, status, (SELECT count(*) FROM relay_parked AS p WHERE p.name = s.name) AS parked, extract(epoch FROM now() - updated_at)::float8 AS age FROM relay_status AS s ORDER BY name`,
    );
    return rows.map(({ name, status, parked, age }) => ({ name, ...status, parked: Number(parked), age }));
  }
}
