const NUMBERED = /^(.*?)(\d{1,9})$/u;
const RANGE = /^(.*?)(\d{1,9})\.\.(\d{1,9})$/u;
/** Codes of one range; more are none that anybody wrote. */
const MAX_RANGE = 2_000;
/** Fewer codes are written one by one. */
const WORTH_IT = 3;

interface Run {
  readonly prefix: string;
  readonly first: string;
  last: number;
}

const padded = (number: number, like: string): string => String(number).padStart(like.length, '0');

/** Codes in a shorter form: those that follow each other become `CFDI40103..40127`. A set: order and repetitions do not stay. */
export function toCodeRanges(codes: readonly string[]): string[] {
  const runs: Run[] = [];
  for (const code of [...new Set(codes)].sort()) {
    const [, prefix = code, number = ''] = NUMBERED.exec(code) ?? [];
    const before = runs.at(-1);
    if (before && number !== '' && before.prefix === prefix && before.first.length === number.length && before.last + 1 === Number(number)) before.last = Number(number);
    else runs.push({ prefix, first: number, last: Number(number) });
  }
  return runs.flatMap(({ prefix, first, last }) => {
    const count = last - Number(first) + 1;
    if (count >= WORTH_IT && count <= MAX_RANGE) return [`${prefix}${first}..${padded(last, first)}`];
    return first === '' ? [prefix] : Array.from({ length: count }, (_, index) => `${prefix}${padded(Number(first) + index, first)}`);
  });
}

/** Every code, from codes and ranges of them. What is no range of this form stands for itself. */
export function fromCodeRanges(ranges: readonly string[]): string[] {
  return ranges.flatMap((range) => {
    const [, prefix = '', first = '', last = ''] = RANGE.exec(range) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (first === '' || first.length !== last.length || count < 1 || count > MAX_RANGE) return [range];
    return Array.from({ length: count }, (_, index) => `${prefix}${padded(Number(first) + index, first)}`);
  });
}
