const encoder = new TextEncoder();
/** Texts of up to so many characters are written into one and the same buffer; each takes three bytes at most. */
const SHORT = 512;
const scratch = new Uint8Array(SHORT * 3);

/** UTF-8 of a text; valid until the next call. */
function utf8(text: string): { readonly bytes: Uint8Array; readonly length: number } {
  if (text.length <= SHORT) return { bytes: scratch, length: encoder.encodeInto(text, scratch).written };
  const bytes = encoder.encode(text);
  return { bytes, length: bytes.length };
}

const at = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0;

/** FNV-1a, 32 bit, over UTF-8. Row routing: `slot = fnv1a32(shardKey) % 1024`. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  const { bytes, length } = utf8(text);
  for (let index = 0; index < length; index += 1) hash = Math.imul(hash ^ at(bytes, index), 0x01000193);
  return hash >>> 0;
}

/** murmur2, 32 bit, seed 0x9747b28c over UTF-8: the default partitioner of Kafka's Java client. */
export function murmur2(text: string): number {
  const { bytes, length } = utf8(text);
  const multiplier = 0x5bd1e995;
  const whole = length & ~3;
  let hash = 0x9747b28c ^ length;
  for (let index = 0; index < whole; index += 4) {
    let word = at(bytes, index) | (at(bytes, index + 1) << 8) | (at(bytes, index + 2) << 16) | (at(bytes, index + 3) << 24);
    word = Math.imul(word, multiplier);
    word ^= word >>> 24;
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier);
  }
  const rest = length - whole;
  if (rest === 3) hash ^= at(bytes, whole + 2) << 16;
  if (rest >= 2) hash ^= at(bytes, whole + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ at(bytes, whole), multiplier);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, multiplier);
  return (hash ^ (hash >>> 15)) >>> 0;
}
