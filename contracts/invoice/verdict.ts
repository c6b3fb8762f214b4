import { z } from 'zod';
import { sha256, text } from '../scalars.js';

export const SEVERITIES = ['error', 'warning', 'info'] as const;
export const VERDICTS = ['valid', 'valid-with-warnings', 'invalid', 'unreadable'] as const;

/** One broken rule (or remark): the authority's code, where, what was expected and what was found. */
export const finding = z.strictObject({
  /** `CFDI40108`, `CRP20101`, `BR-CO-15` …; Folio's own begin with `FOLIO-`. */
  code: text(40),
  severity: z.enum(SEVERITIES),
  /** XPath-like place in the document, `/Comprobante/@Total`. */
  path: z.string().max(400),
  /** Business term: the SAT field or the EN 16931 term (`BT-112`). */
  term: z.string().max(120),
  expected: z.string().max(400),
  found: z.string().max(400),
  message: z.strictObject({ es: text(600), en: text(600) }),
  /** Authority, document, clause. */
  source: text(200),
});
export type Finding = z.infer<typeof finding>;

export const notChecked = z.strictObject({ what: text(120), why: text(400) });
export type NotChecked = z.infer<typeof notChecked>;

/** Findings carried by an event; the complete verdict lies in the object store under `fullVerdict`. */
export const MAX_FINDINGS = 200;

export const verdict = z.strictObject({
  verdict: z.enum(VERDICTS),
  findings: z.array(finding).max(MAX_FINDINGS),
  /** How often each code was found, counting those beyond the first 200. */
  findingCounts: z.record(z.string().max(40), z.int().min(1)),
  /** Codes of the rules that ran. In events those that follow each other are a range, `CFDI40103..40127` (`fromCodeRanges`). */
  checked: z.array(text(80)).max(2_000),
  notChecked: z.array(notChecked).max(200),
  /** `id@version` of the rules that judged. */
  ruleSet: text(80),
  /** Day of the catalogues used, `YYYY-MM-DD`, or `none`. */
  catalogueDate: text(10),
  durationUs: z.int().min(0),
  /** Object that holds the complete verdict when findings were left out. */
  fullVerdict: sha256.exactOptional(),
});
export type Verdict = z.infer<typeof verdict>;
