import type { ControlDatabase } from './database.js';
import { POINTER_CHANNEL, UNUSED_SECONDS, type AuditView, type Pointer, type PointerSnapshot } from './pointer.js';

/**
 * `building`: a rebuild fills it; an interrupted one is begun anew under the same number.
 * `adopting`: filled up to its checkpoints; the live worker takes it in. `refused`: so too, but it is not what readers have; kept current beside.
 * `live`: readers use it. `previous`: kept warm for a rollback. `audit`: stands still, readers ask for it by the name of a view. `dropped`: its schema is gone or may go.
 */
export type GenerationState = 'building' | 'adopting' | 'refused' | 'live' | 'previous' | 'audit' | 'dropped';

export interface Generation {
  readonly generation: number;
  readonly state: GenerationState;
  readonly logId: string;
  /** Who builds it. */
  readonly owner: string;
  /** By which its rows are laid out, for as long as it is there. */
  readonly slots: readonly number[];
  /** Shape of its table, as it was described; undefined: it was not. */
  readonly table?: string;
}

/** A generation that is begun. */
export interface NewGeneration {
  readonly projection: string;
  readonly generation: number;
  readonly state: GenerationState;
  readonly logId: string;
  readonly owner: string;
  /** Null: its rows are not in tables. */
  readonly slots: readonly number[] | null;
}

interface PointerRow {
  epoch: string;
  generations: Record<string, number>;
  slots: number[];
  views: Record<string, AuditView>;
}

const RETURNED = 'RETURNING epoch, generations, slots, views';

const snapshotOf = (row: PointerRow | undefined): PointerSnapshot => ({ epoch: Number(row?.epoch ?? 0), generations: row?.generations ?? {}, slots: row?.slots ?? [], views: row?.views ?? {} });

/** Generations of projections and the one transaction that switches readers from one to another. */
export class Generations {
  readonly #control: ControlDatabase;
  readonly #pointer: Pointer;

  constructor(control: ControlDatabase, pointer: Pointer) {
    this.#control = control;
    this.#pointer = pointer;
  }

  async list(projection: string): Promise<readonly Generation[]> {
    const rows = await this.#control.rows<{ generation: number; state: GenerationState; log_id: string; owner: string; slots: number[]; shape: string | null }>(
      `SELECT generation, state, log_id, owner, coalesce(generation.slots, pointer.slots, '[]') AS slots, fingerprint->>'table' AS shape FROM generation LEFT JOIN pointer ON pointer.set_name = $2 WHERE projection = $1 ORDER BY generation`,
      [projection, this.#pointer.name],
    );
    return rows.map(({ generation, state, log_id, owner, slots, shape }) => ({ generation, state, logId: log_id, owner, slots, ...(shape !== null && { table: shape }) }));
  }

  async add({ projection, generation, state, logId, owner, slots }: NewGeneration): Promise<void> {
    await this.#control.rows(
      `INSERT INTO generation (projection, generation, state, log_id, owner, slots) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (projection, generation) DO UPDATE SET state = excluded.state, log_id = excluded.log_id, owner = excluded.owner, slots = excluded.slots, updated_at = now()`,
      [projection, generation, state, logId, owner, slots && JSON.stringify(slots)],
    );
  }

  /** Generations of these projections that are older than layouts keep the table of now, whatever the pointer gets. */
  async keepTables(projections: readonly string[]): Promise<void> {
    await this.#control.rows(
      'UPDATE generation SET slots = pointer.slots FROM pointer WHERE pointer.set_name = $2 AND projection = ANY($1::text[]) AND generation.slots IS NULL', [projections, this.#pointer.name],
    );
  }

  /** Gives a generation up that is not read, and that can no longer be kept current. @returns false when it has become another state meanwhile */
  async giveUp(projection: string, generation: number): Promise<boolean> {
    const rows = await this.#control.rows(
      `UPDATE generation SET state = 'dropped', updated_at = now() WHERE projection = $1 AND generation = $2 AND state IN ('building', 'adopting', 'refused', 'previous') RETURNING generation`, [projection, generation],
    );
    return rows.length > 0;
  }

  /** Shards that any generation of this deployment ever lay on. */
  async mostShards(): Promise<number> {
    const [row] = await this.#control.rows<{ most: number | null }>(
      `SELECT 1 + max((SELECT max(shard::int) FROM jsonb_array_elements_text(known.slots) AS shard)) AS most FROM (SELECT slots FROM generation UNION ALL SELECT slots FROM pointer) AS known`,
    );
    return row?.most ?? 0;
  }

  /** A generation that is filled has no progress any more. */
  async mark(projection: string, generation: number, state: GenerationState): Promise<void> {
    await this.#control.rows(`UPDATE generation SET state = $3, progress = '{}', updated_at = now() WHERE projection = $1 AND generation = $2`, [projection, generation, state]);
  }

  /** What a generation was built by, for whoever compares. */
  async describe(projection: string, generation: number, fingerprint: unknown): Promise<void> {
    await this.#control.rows('UPDATE generation SET fingerprint = $3 WHERE projection = $1 AND generation = $2', [projection, generation, JSON.stringify(fingerprint)]);
  }

  async fingerprintOf(projection: string, generation: number): Promise<unknown> {
    const [row] = await this.#control.rows<{ fingerprint: unknown }>('SELECT fingerprint FROM generation WHERE projection = $1 AND generation = $2', [projection, generation]);
    return row?.fingerprint ?? undefined;
  }

  /** What was saved of it; `{}` when nothing was. */
  async progressOf(projection: string, generation: number): Promise<unknown> {
    const [row] = await this.#control.rows<{ progress: unknown }>('SELECT progress FROM generation WHERE projection = $1 AND generation = $2', [projection, generation]);
    return row?.progress ?? {};
  }

  async saveProgress(projection: string, generation: number, progress: unknown): Promise<void> {
    await this.#control.rows('UPDATE generation SET progress = $3, updated_at = now() WHERE projection = $1 AND generation = $2', [projection, generation, JSON.stringify(progress)]);
  }

  /** Dropped generations whose tables are there still, and which no reader has used for a minute. */
  async unused(projection: string): Promise<readonly number[]> {
    const rows = await this.#control.rows<{ generation: number }>(
      `SELECT generation FROM generation WHERE projection = $1 AND state = 'dropped' AND NOT gone AND NOT EXISTS (SELECT FROM pointer_reader
         WHERE set_name = $2 AND epoch < coalesce(left_epoch, 0) AND seen_at > now() - make_interval(secs => $3)) ORDER BY generation`, [projection, this.#pointer.name, UNUSED_SECONDS],
    );
    return rows.map(({ generation }) => generation);
  }

  /** Everything of it was dropped. */
  async markGone(projection: string, generation: number): Promise<void> {
    await this.#control.rows('UPDATE generation SET gone = true, updated_at = now() WHERE projection = $1 AND generation = $2', [projection, generation]);
  }

  /**
   * Readers go to these generations, all in one transaction: pointer, its epoch, and the states (the former live one becomes `previous`, any
   * other previous one `dropped`). This process sees it at once, others within the poll.
   * @param slots the table of these generations; undefined: the pointer keeps the one it has. `first` is written with the very first pointer
   * @param forget no way back: everything else of these projections is `dropped`, what stands still for an audit excepted
   */
  async switchTo(
    generations: Readonly<Record<string, number>>, { slots, first = slots ?? [], forget = false }: { readonly slots?: readonly number[]; readonly first?: readonly number[]; readonly forget?: boolean },
  ): Promise<PointerSnapshot> {
    const snapshot = await this.#control.transaction(async (query) => {
      await query(`INSERT INTO pointer (set_name, generations, slots, epoch) VALUES ($1, '{}', $2, 0) ON CONFLICT DO NOTHING`, [this.#pointer.name, JSON.stringify(first)]);
      const [row] = await query<PointerRow>(
        `UPDATE pointer SET generations = generations || $2::jsonb, slots = coalesce($3::jsonb, slots), epoch = epoch + 1 WHERE set_name = $1 ${RETURNED}`,
        [this.#pointer.name, JSON.stringify(generations), slots === undefined ? null : JSON.stringify(slots)],
      );
      const target = [Object.keys(generations), Object.values(generations)];
      const become = (state: GenerationState, condition: string): Promise<unknown> => query(
        `UPDATE generation SET state = '${state}', updated_at = now() FROM unnest($1::text[], $2::int[]) AS target(projection, generation)
         WHERE generation.projection = target.projection AND ${condition}`, target,
      );
      await become('dropped', `state = 'previous' AND generation.generation <> target.generation`);
      await query(
        `UPDATE generation SET left_epoch = $3 FROM unnest($1::text[], $2::int[]) AS target(projection, generation)
         WHERE generation.projection = target.projection AND state = 'live' AND generation.generation <> target.generation`, [...target, row?.epoch ?? '0'],
      );
      await become('previous', `state = 'live' AND generation.generation <> target.generation`);
      if (forget) await become('dropped', `state IN ('previous', 'adopting', 'refused', 'building') AND generation.generation <> target.generation`);
      await become('live', `generation.generation = target.generation`);
      await query(`SELECT pg_notify('${POINTER_CHANNEL}', $1)`, [this.#pointer.name]);
      return snapshotOf(row);
    });
    this.#pointer.adopt(snapshot);
    return snapshot;
  }

  /** Readers may ask for these generations by name, and they stand still from now on; a view of that name is replaced. @returns what it was before */
  async nameView(name: string, view: AuditView): Promise<AuditView | undefined> {
    return this.#changeViews(name, `views || jsonb_build_object($2::text, $3::jsonb)`, JSON.stringify(view), view);
  }

  /** @returns what it was; undefined when there is no view of that name */
  async forgetView(name: string): Promise<AuditView | undefined> {
    return this.#changeViews(name, 'views - $2::text - $3::text', '');
  }

  async #changeViews(name: string, change: string, value: string, view?: AuditView): Promise<AuditView | undefined> {
    const [before, snapshot] = await this.#control.transaction(async (query) => {
      const [old] = await query<{ views: Record<string, AuditView> }>('SELECT views FROM pointer WHERE set_name = $1 FOR UPDATE', [this.#pointer.name]);
      const [row] = await query<PointerRow>(`UPDATE pointer SET views = ${change}, epoch = epoch + 1 WHERE set_name = $1 ${RETURNED}`, [this.#pointer.name, name, value]);
      for (const [projection, generation] of Object.entries(old?.views[name]?.generations ?? {})) {
        await query(`UPDATE generation SET state = 'dropped', left_epoch = $3, updated_at = now() WHERE projection = $1 AND generation = $2`, [projection, generation, row?.epoch ?? '0']);
      }
      await query(
        `UPDATE generation SET state = 'audit', progress = '{}', updated_at = now() FROM unnest($1::text[], $2::int[]) AS target(projection, generation)
         WHERE generation.projection = target.projection AND generation.generation = target.generation`, [Object.keys(view?.generations ?? {}), Object.values(view?.generations ?? {})],
      );
      await query(`SELECT pg_notify('${POINTER_CHANNEL}', $1)`, [this.#pointer.name]);
      return [old?.views[name], snapshotOf(row)] as const;
    });
    this.#pointer.adopt(snapshot);
    return before;
  }
}
