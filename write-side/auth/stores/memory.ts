import type { UserId } from '#contracts/kernel/ids.js';
import { laterOf } from '#contracts/kernel/position.js';
import type { Credential, CredentialStore } from './credential-store.js';
import type { RefreshToken, RefreshTokenStore, Rotation, TokenFamily, TokenSelector } from './refresh-token-store.js';
import type { Revocation, RevocationSnapshot, RevocationStore } from './revocation-store.js';

/** The three stores in one process's memory: for tests and short-lived tools. Same contracts, no durability. */
export class MemoryCredentialStore implements CredentialStore {
  readonly #rows = new Map<string, Credential>();

  async add(credential: Credential): Promise<void> {
    if (!this.#rows.has(credential.id)) this.#rows.set(credential.id, credential);
  }

  async find(id: string): Promise<Credential | undefined> {
    return this.#rows.get(id);
  }

  async remove(id: string): Promise<void> {
    this.#rows.delete(id);
  }

  async removeAll(user: UserId): Promise<void> {
    for (const row of this.#rows.values()) if (row.user === user) this.#rows.delete(row.id);
  }
}

interface StoredToken extends RefreshToken {
  readonly state: 'live' | 'used' | 'revoked';
}

export class MemoryRefreshTokenStore implements RefreshTokenStore {
  readonly #rows = new Map<string, StoredToken>();

  async add(token: RefreshToken): Promise<void> {
    if (!this.#rows.has(token.hash)) this.#rows.set(token.hash, { ...token, state: 'live' });
  }

  async rotate(hash: string, next: Pick<RefreshToken, 'hash' | 'tokenId' | 'expiresAt'>, now: number): Promise<Rotation> {
    const row = this.#rows.get(hash);
    if (!row) return { outcome: 'refused', why: 'unknown' };
    const { state, ...previous } = row;
    if (state === 'revoked') return { outcome: 'refused', why: 'revoked' };
    if (state === 'used') {
      await this.revoke({ family: row.family });
      return { outcome: 'reused', previous };
    }
    if (row.expiresAt <= now) return { outcome: 'refused', why: 'expired' };
    this.#rows.set(hash, { ...row, state: 'used' });
    this.#rows.set(next.hash, { ...previous, ...next, state: 'live' });
    return { outcome: 'rotated', previous };
  }

  async revoke(selector: TokenSelector): Promise<readonly TokenFamily[]> {
    const chosen = new Map([...this.#rows.values()].filter((row) => selected(row, selector)).map(({ user, family }) => [family, { user, family }]));
    for (const row of this.#rows.values()) if (chosen.has(row.family)) this.#rows.set(row.hash, { ...row, state: 'revoked' });
    return [...chosen.values()];
  }

  async purge(before: number): Promise<number> {
    const dead = [...this.#rows.values()].filter((row) => row.expiresAt < before);
    for (const row of dead) this.#rows.delete(row.hash);
    return dead.length;
  }
}

function selected(row: RefreshToken, selector: TokenSelector): boolean {
  if ('hash' in selector) return row.hash === selector.hash;
  return 'user' in selector ? row.user === selector.user : row.family === selector.family;
}

export class MemoryRevocationStore implements RevocationStore {
  readonly #rows = new Map<string, Revocation>();
  #checkpoint: RevocationSnapshot['checkpoint'];

  async load(now: number): Promise<RevocationSnapshot> {
    return { revocations: [...this.#rows.values()].filter((row) => row.expiresAt > now), checkpoint: this.#checkpoint };
  }

  async save(revocations: readonly Revocation[], checkpoint: NonNullable<RevocationSnapshot['checkpoint']>, now: number): Promise<void> {
    for (const row of revocations) {
      const known = this.#rows.get(row.subject);
      if (!known || known.epoch < row.epoch) this.#rows.set(row.subject, row);
    }
    for (const row of this.#rows.values()) if (row.expiresAt <= now) this.#rows.delete(row.subject);
    const same = this.#checkpoint?.logId === checkpoint.logId ? this.#checkpoint : undefined;
    this.#checkpoint = { ...checkpoint, position: same ? laterOf(same.position, checkpoint.position) : checkpoint.position };
  }
}
