const encoder = new TextEncoder();

/** FNV-1a, 32 bit, over UTF-8. Row routing: `slot = fnv1a32(shardKey) % 1024`. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(text)) {
    hash ^= byte;
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

const tail = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0;

/** murmur2, 32 bit, seed 0x9747b28c over UTF-8: the default partitioner of Kafka's Java client. */
export function murmur2(text: string): number {
  const bytes = encoder.encode(text);
  const multiplier = 0x5bd1e995;
  const whole = bytes.length & ~3;
  let hash = 0x9747b28c ^ bytes.length;
  for (let index = 0; index < whole; index += 4) {
    let word = tail(bytes, index) | (tail(bytes, index + 1) << 8) | (tail(bytes, index + 2) << 16) | (tail(bytes, index + 3) << 24);
    word = Math.imul(word, multiplier);
    word ^= word >>> 24;
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier);
  }
  const rest = bytes.length - whole;
  if (rest === 3) hash ^= tail(bytes, whole + 2) << 16;
  if (rest >= 2) hash ^= tail(bytes, whole + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ tail(bytes, whole), multiplier);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, multiplier);
  return (hash ^ (hash >>> 15)) >>> 0;
}
