const HIGH_SURROGATE_FIRST = 0xd800;
const HIGH_SURROGATE_LAST = 0xdbff;

/** At most `max` UTF-16 units, never ending in half a character. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  const half = last >= HIGH_SURROGATE_FIRST && last <= HIGH_SURROGATE_LAST;
  return text.slice(0, half ? max - 1 : max);
}

/** The clipped text, or undefined where there is none: the form in which facts hold optional text. */
export function optionalText(text: string | undefined, max: number): string | undefined {
  const trimmed = text?.trim();
  return trimmed ? clip(trimmed, max) : undefined;
}

/** The same object without its undefined members, so that "absent" has one form. */
export function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}
