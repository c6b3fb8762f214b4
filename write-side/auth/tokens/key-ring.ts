import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey } from 'jose';
import { z } from 'zod';

export interface SigningKey {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly createdAt: number;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** Ed25519 keys of this data folder: the newest signs, older ones still verify what they signed. */
export interface KeyRing {
  signing(): SigningKey;
  /** Looks into the folder again when the id is new, at most once a second: another process may have rotated. */
  find(kid: string): Promise<SigningKey | undefined>;
  /** Adds a key that signs from now on; deletes those that signed nothing for longer than a token lives. */
  rotate(): Promise<SigningKey>;
}

const RELOAD_AFTER_MS = 1_000;

const keyFile = z.strictObject({
  createdAt: z.number(),
  jwk: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() }),
});

export interface KeyRingOptions {
  /** `<data>/keys`, made with mode 0700; files `<kid>.json`, 0600. */
  readonly folder: string;
  /** Longest life of a token: how long a retired key must still verify. */
  readonly tokenLifeMs: number;
  readonly now?: () => number;
}

export async function openKeyRing({ folder, tokenLifeMs, now = Date.now }: KeyRingOptions): Promise<KeyRing> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let keys = await readKeys(folder);
  let lastReload = now();
  const newest = (): SigningKey | undefined => [...keys.values()].sort((left, right) => right.createdAt - left.createdAt || (left.kid < right.kid ? -1 : 1))[0];
  const rotate = async (): Promise<SigningKey> => {
    await writeNewKey(folder, Math.max(now(), (newest()?.createdAt ?? 0) + 1));
    keys = await readKeys(folder);
    await removeRetired(folder, keys, now() - tokenLifeMs);
    return signing();
  };
  const signing = (): SigningKey => {
    const key = newest();
    if (!key) throw new Error(`${folder} holds no signing key`);
    return key;
  };
  if (keys.size === 0) await rotate();
  return {
    signing, rotate,
    find: async (kid) => {
      if (!keys.has(kid) && now() - lastReload >= RELOAD_AFTER_MS) {
        lastReload = now();
        keys = await readKeys(folder);
      }
      return keys.get(kid);
    },
  };
}

async function readKeys(folder: string): Promise<Map<string, SigningKey>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const keys = await Promise.all(names.map((name) => readKey(join(folder, name))));
  return new Map(keys.map((key) => [key.kid, key]));
}

async function readKey(file: string): Promise<SigningKey> {
  const parsed = keyFile.safeParse(JSON.parse(await readFile(file, 'utf8')));
  // The parser's issues are not told: they could quote the key.
  if (!parsed.success) throw new Error(`${file} is not a key file of Folio`);
  const { createdAt, jwk: { d, ...open } } = parsed.data;
  const [privateKey, publicKey, kid] = await Promise.all([asKey({ ...open, d }), asKey(open), calculateJwkThumbprint(open)]);
  return { kid, createdAt, privateKey, publicKey };
}

async function asKey(jwk: { kty: string; crv: string; x: string; d?: string }): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'EdDSA');
  if (key instanceof Uint8Array) throw new Error('not an asymmetric key');
  return key;
}

async function writeNewKey(folder: string, createdAt: number): Promise<void> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { kty, crv, x, d } = await exportJWK(privateKey);
  const content = keyFile.parse({ createdAt, jwk: { kty, crv, x, d } });
  const kid = await calculateJwkThumbprint({ kty: content.jwk.kty, crv: content.jwk.crv, x: content.jwk.x });
  const draft = join(folder, `${kid}.${randomBytes(4).toString('hex')}.new`);
  await writeFile(draft, JSON.stringify(content), { mode: 0o600, flush: true });
  await rename(draft, join(folder, `${kid}.json`));
}

/** A key is retired when a newer one took over; it may go once every token that it signed has expired. */
async function removeRetired(folder: string, keys: Map<string, SigningKey>, before: number): Promise<void> {
  const ordered = [...keys.values()].sort((left, right) => left.createdAt - right.createdAt);
  for (const [index, key] of ordered.entries()) {
    const successor = ordered[index + 1];
    if (!successor || successor.createdAt >= before) continue;
    keys.delete(key.kid);
    await unlink(join(folder, `${key.kid}.json`)).catch(() => undefined);
  }
}
