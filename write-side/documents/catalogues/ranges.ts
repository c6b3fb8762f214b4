const BASE = 36;

/** Numbers with leading zeros as sorted ranges: unpacked when first asked, then a binary search. */
export class CodeRanges {
  private starts: Int32Array | undefined;
  private ends = new Int32Array();

  constructor(private readonly digits: number, private readonly packed: string) {}

  has(code: string): boolean {
    const number = numberOf(code, this.digits);
    return number >= 0 && number <= this.endOf(number);
  }

  /** End of the last range that begins at or before the number; -1 where there is none. */
  private endOf(number: number): number {
    const starts = (this.starts ??= this.unpack());
    const index = lastAtMost(starts, number);
    return index < 0 ? -1 : (this.ends[index] ?? -1);
  }

  /** Every number, in order. */
  *numbers(): Iterable<number> {
    const starts = (this.starts ??= this.unpack());
    for (const [index, start] of starts.entries()) for (let number = start; number <= (this.ends[index] ?? -1); number += 1) yield number;
  }

  private unpack(): Int32Array {
    const parts = this.packed.split(' ');
    const starts = new Int32Array(parts.length);
    const ends = new Int32Array(parts.length);
    let end = 0;
    parts.forEach((part, index) => {
      const [gap = '', more = '0'] = part.split(':');
      const start = end + Number.parseInt(gap, BASE);
      end = start + Number.parseInt(more, BASE);
      starts[index] = start;
      ends[index] = end;
    });
    this.ends = ends;
    return starts;
  }
}

/** Numbers in the form that `CodeRanges` unpacks: `gap` or `gap:more` from the end of the range before, in base 36. */
export function packRanges(numbers: Iterable<number>): string {
  const sorted = [...new Set(numbers)].sort((left, right) => left - right);
  const parts: string[] = [];
  let end = 0;
  for (let index = 0; index < sorted.length;) {
    const start = sorted[index] ?? 0;
    let more = 0;
    while (sorted[index + more + 1] === start + more + 1) more += 1;
    parts.push(more === 0 ? (start - end).toString(BASE) : `${(start - end).toString(BASE)}:${more.toString(BASE)}`);
    end = start + more;
    index += more + 1;
  }
  return parts.join(' ');
}

/** Where the value changes along the sorted numbers: `number:value` in base 36 and decimal. */
export function packRuns(values: ReadonlyMap<number, number>): string {
  const runs: string[] = [];
  let before: number | undefined;
  for (const [number, value] of [...values].sort(([left], [right]) => left - right)) {
    if (value !== before) runs.push(`${number.toString(BASE)}:${value}`);
    before = value;
  }
  return runs.join(' ');
}

const ZERO = 48;
const NINE = 57;

/** The number that exactly so many digits write, or -1. */
export function numberOf(code: string, digits: number): number {
  if (code.length !== digits) return -1;
  let number = 0;
  for (let index = 0; index < digits; index += 1) {
    const unit = code.charCodeAt(index);
    if (unit < ZERO || unit > NINE) return -1;
    number = number * 10 + unit - ZERO;
  }
  return number;
}

/** Index of the last of the sorted numbers that is not greater; -1 where all are. */
export function lastAtMost(sorted: Int32Array, number: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) <= number) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
