import type { Result } from 'ioredis';

/** Bytes at the beginning of an entry that hold its header (see `redis-entry.ts`) whole. */
const HEADER_BYTES = 64;

/**
 * KEYS[1] entry; ARGV: revision, `write` or `fill`, time to live (ms), entry. Answers 1 when it was taken, otherwise 0.
 * What is no entry of ours, of whatever type, counts as absent and is overwritten. A fill keeps the time that a present entry has left: the
 * projection's longer time stays, and no reader prolongs what a reader left. Only one key is named, so it runs on any node of a cluster.
 */
const PUT = `
local head = redis.pcall('GETRANGE', KEYS[1], 0, ${HEADER_BYTES - 1})
local known = type(head) == 'string' and tonumber(string.match(head, '^f1 (%d+) %d+ %d+\\n')) or nil
if known and known > 9007199254740991 then known = nil end
local revision, ttl = tonumber(ARGV[1]), tonumber(ARGV[3])
if known then
  if ARGV[2] == 'write' and known >= revision or known > revision then return 0 end
  local left = ARGV[2] == 'fill' and redis.call('PTTL', KEYS[1]) or -1
  if left > 0 then ttl = left end
end
redis.call('SET', KEYS[1], ARGV[4], 'PX', ttl)
return 1`;

export const REDIS_SCRIPTS = { folioPut: { lua: PUT, numberOfKeys: 1 } };

declare module 'ioredis' {
  interface RedisCommander<Context> {
    folioPut(key: string, revision: number, mode: 'write' | 'fill', ttlMs: number, entry: string): Result<number, Context>;
  }
}
