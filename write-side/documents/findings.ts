import { MAX_FINDINGS, type Finding } from '#contracts/invoice/verdict.js';
import type { Path, Report, RuleText } from './rules/rule.js';
import { clip } from './text.js';

/** Findings kept per code in the complete list; later ones of the same code are counted only. */
export const MAX_FINDINGS_PER_CODE = 20_000;
/** Findings per code that the verdict takes before it takes more of any: ten thousand broken lines must not hide a wrong total. */
const FAIR_SHARE = 10;
/** Bytes of findings in a verdict, as JSON; with 32 kB of descriptions an event stays below 256 kB. */
export const MAX_FINDING_BYTES = 140_000;

const MAX_PATH = 200;
const MAX_VALUE = 120;

const RANK = { error: 0, warning: 1, info: 2 } as const;

/** Gathers what rules report. */
export class Findings {
  /** By code; `severity` is the worst that was reported under it. */
  private readonly byCode = new Map<string, { severity: Finding['severity']; count: number; readonly kept: Finding[] }>();

  /** The reporter of one rule. */
  reporter(rule: RuleText): Report {
    return (path, expected, found, term, severity) => this.add(rule, path, expected, found, term, severity);
  }

  add(rule: RuleText, path: Path, expected: string, found: string, term = rule.term, severity = rule.severity): void {
    let entry = this.byCode.get(rule.code);
    if (!entry) this.byCode.set(rule.code, (entry = { severity, count: 0, kept: [] }));
    if (RANK[severity] < RANK[entry.severity]) entry.severity = severity;
    entry.count += 1;
    if (entry.kept.length >= MAX_FINDINGS_PER_CODE) return;
    entry.kept.push({
      code: rule.code,
      severity,
      path: clip(typeof path === 'string' ? path : path(), MAX_PATH),
      term: clip(term, MAX_VALUE),
      expected: clip(expected, MAX_VALUE),
      found: clip(found, MAX_VALUE),
      message: { es: rule.es, en: rule.en },
      source: rule.source,
    });
  }

  has(severity: Finding['severity']): boolean {
    return [...this.byCode.values()].some((entry) => entry.severity === severity);
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.byCode].map(([code, entry]) => [code, entry.count]));
  }

  /** Everything kept, errors first. */
  all(): Finding[] {
    return this.ranked().flatMap((entry) => entry.kept);
  }

  /** The findings that a verdict carries: errors first, a fair share of every code, within the number and bytes an event allows. */
  selected(): Finding[] {
    const ranked = this.ranked();
    const candidates = [...ranked.flatMap((entry) => entry.kept.slice(0, FAIR_SHARE)), ...ranked.flatMap((entry) => entry.kept.slice(FAIR_SHARE, MAX_FINDINGS))];
    const selected: Finding[] = [];
    let bytes = 0;
    for (const finding of candidates.slice(0, MAX_FINDINGS)) {
      bytes += Buffer.byteLength(JSON.stringify(finding)) + 1;
      if (bytes > MAX_FINDING_BYTES) break;
      selected.push(finding);
    }
    return selected;
  }

  private ranked() {
    return [...this.byCode.values()].toSorted((left, right) => RANK[left.severity] - RANK[right.severity]);
  }
}
