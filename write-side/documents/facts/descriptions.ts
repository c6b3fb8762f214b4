import { DESCRIPTION_BYTES } from '#contracts/invoice/facts.js';
import { clip } from '../text.js';

const MAX_DESCRIPTION = 1_000;
const MAX_DESCRIPTIONS = 4_096;

/** UTF-8 bytes of a text, without encoding it. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // A surrogate pair is two units and four bytes, so each half counts one more.
    if (unit >= 0xd800 && unit <= 0xdfff) bytes += 1;
    else if (unit > 0x7ff) bytes += 2;
    else if (unit > 0x7f) bytes += 1;
  }
  return bytes;
}

/** Distinct line descriptions in order, up to the bytes that facts may carry. */
export function distinctDescriptions(texts: Iterable<string | undefined>): { descriptions: string[]; descriptionsTruncated: boolean } {
  const seen = new Set<string>();
  let bytes = 0;
  let cut = false;
  for (const text of texts) {
    if (text === undefined || text === '') continue;
    const kept = clip(text, MAX_DESCRIPTION);
    cut ||= kept.length < text.length;
    if (seen.has(kept)) continue;
    bytes += utf8Length(kept);
    if (bytes > DESCRIPTION_BYTES || seen.size === MAX_DESCRIPTIONS) return { descriptions: [...seen], descriptionsTruncated: true };
    seen.add(kept);
  }
  return { descriptions: [...seen], descriptionsTruncated: cut };
}
