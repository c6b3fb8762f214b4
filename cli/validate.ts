import { createReadStream } from 'node:fs';
import type { Finding, Verdict } from '#contracts/invoice/verdict.js';
import { BUILT_IN_CATALOGUES, cataloguesFrom, listRules, NO_TRUST, READ_LIMITS, trustOf, type CatalogueData } from '../write-side/documents/index.js';
import type { JudgedDocument, ReadOutcome } from '../write-side/intake/documents.js';
import { judgeBytes } from '../write-side/judging/judge-bytes.js';
import { JudgingPool, judgingThreads } from '../write-side/judging/pool.js';

export interface ValidateOptions {
  /** One JSON object per file instead of text for people. */
  readonly json: boolean;
  /** Only these rules, on documents that need not be whole. */
  readonly rules?: readonly string[];
  /** Files of certificates that are trusted. */
  readonly trust?: readonly Uint8Array[];
  /** The SAT's catalogues, in place of those that Folio carries. */
  readonly catalogues?: CatalogueData;
}

/** The JSON line of one file. `reason` says why there is no document; `root` names an unsupported one. */
export interface ValidationLine {
  readonly file: string;
  readonly verdict: Verdict['verdict'] | 'unsupported';
  readonly format?: string;
  readonly findings: readonly Finding[];
  readonly findingCounts?: Readonly<Record<string, number>>;
  readonly notChecked: Verdict['notChecked'];
  readonly ruleSet?: string;
  /** Day of the catalogues that a CFDI was judged by. */
  readonly catalogueDate?: string;
  readonly root?: string;
  readonly reason?: string;
}

/** The bytes of a file, at most one more than a document may have: enough to refuse it. */
async function readBounded(file: string): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of createReadStream(file, { end: READ_LIMITS.bytes }) as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

function describe(read: ReadOutcome): Pick<ValidationLine, 'format' | 'root' | 'reason'> {
  switch (read.kind) {
    case 'document':
      return { format: read.format };
    case 'unsupported':
      return { root: read.root, reason: `unsupported document: ${read.root}` };
    case 'unreadable':
      return { reason: `${read.code}: ${read.reason}` };
    default:
      return read satisfies never;
  }
}

/** Why the system could not give the bytes, without the path, which the line names already. */
const cause = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown cause');

/** Judges bytes, here or in a thread. */
type Judge = (bytes: Uint8Array) => JudgedDocument | Promise<JudgedDocument>;

async function validateFile(file: string, judge: Judge): Promise<ValidationLine> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(file);
  } catch (error) {
    return { file, verdict: 'unreadable', findings: [], notChecked: [], reason: `the file cannot be read: ${cause(error)}` };
  }
  const { read, verdict } = await judge(bytes);
  const { findings, findingCounts, notChecked, ruleSet, catalogueDate } = verdict;
  return { file, verdict: read.kind === 'unsupported' ? 'unsupported' : verdict.verdict, ...describe(read), findings, findingCounts, notChecked, ruleSet, catalogueDate };
}

/** So many are judged here before threads are begun, which costs as much as hundreds of documents. */
const FEW = 200;
/** Files in memory at once, for each thread: one is judged, one is read. */
const AHEAD = 2;

/** Lines in the order of their files. Of few files each is judged here; of many the cores share the rest. */
async function* validated(files: AsyncIterable<string> | Iterable<string>, { rules, trust = [], catalogues }: ValidateOptions): AsyncIterable<ValidationLine> {
  let pool: JudgingPool | undefined;
  const trusted = trust.length > 0 ? trustOf(trust) : NO_TRUST;
  const listed = catalogues ? cataloguesFrom(catalogues) : BUILT_IN_CATALOGUES;
  const here: Judge = (bytes) => judgeBytes({ bytes, expected: undefined, rules }, trusted, listed);
  const inThread: Judge = (bytes) => (pool ??= new JudgingPool({ threads: judgingThreads() + 1, trust, ...(catalogues && { catalogues }), hereBytes: 0 })).judge(bytes, undefined, rules);
  const waiting: Promise<ValidationLine>[] = [];
  let count = 0;
  try {
    for await (const file of files) {
      count += 1;
      waiting.push(validateFile(file, count <= FEW ? here : inThread));
      const most = count <= FEW ? 1 : AHEAD * (judgingThreads() + 1);
      for (let next = waiting[0]; next && waiting.length >= most; next = waiting[0]) {
        yield await next;
        void waiting.shift();
      }
    }
    for (const line of waiting) yield await line;
  } finally {
    // Of whoever stops reading early the rest is let go.
    const rest = Promise.allSettled(waiting);
    await pool?.close();
    await rest;
  }
}

const humanFinding = (finding: Finding): string =>
  `  ${finding.severity} ${finding.code} ${finding.path}: ${finding.message.en} Expected ${finding.expected}, found ${finding.found}.`;

function* human(line: ValidationLine): Iterable<string> {
  const about = line.reason ?? line.format ?? '';
  yield `${line.verdict.padEnd(19)} ${line.file}${about ? ` (${about})` : ''}`;
  if (line.reason !== undefined) return;
  for (const finding of line.findings) yield humanFinding(finding);
}

const isValid = (line: ValidationLine): boolean => line.verdict === 'valid' || line.verdict === 'valid-with-warnings';

/**
 * Validates files and writes their results in order; a few files are in memory at a time. Needs no instance and no data folder.
 * @returns 0 when every file is valid (warnings allowed), 1 when some are not, cannot be read, or do not exist, or when there is no such rule
 */
export async function validateFiles(files: AsyncIterable<string> | Iterable<string>, out: (line: string) => void, options: ValidateOptions): Promise<0 | 1> {
  const { json, rules } = options;
  const known = new Set(listRules().map(({ code }) => code));
  const unknown = (rules ?? []).filter((code) => !known.has(code));
  for (const code of unknown) out(`There is no rule ${code}; \`folio rules\` lists all.`);
  if (unknown.length > 0) return 1;
  let allValid = true;
  for await (const line of validated(files, options)) {
    allValid &&= isValid(line);
    if (json) out(JSON.stringify(line));
    else for (const text of human(line)) out(text);
  }
  return allValid ? 0 : 1;
}
