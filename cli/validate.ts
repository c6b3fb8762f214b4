import { createReadStream } from 'node:fs';
import type { Finding, Verdict } from '#contracts/invoice/verdict.js';
import { judge, READ_LIMITS, readDocument, type ReadResult } from '../write-side/documents/index.js';

export interface ValidateOptions {
  /** One JSON object per file instead of text for people. */
  readonly json: boolean;
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
  readonly root?: string;
  readonly reason?: string;
}

const MICROSECONDS = 1_000;
const now = (): number => performance.now() * MICROSECONDS;

/** The bytes of a file, at most one more than a document may have: enough to refuse it. */
async function readBounded(file: string): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of createReadStream(file, { end: READ_LIMITS.bytes }) as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

function describe(read: ReadResult): Pick<ValidationLine, 'format' | 'root' | 'reason'> {
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

async function validateFile(file: string): Promise<ValidationLine> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(file);
  } catch (error) {
    return { file, verdict: 'unreadable', findings: [], notChecked: [], reason: `the file cannot be read: ${cause(error)}` };
  }
  const startedUs = now();
  const read = readDocument(bytes);
  const { verdict } = judge(read, { now, startedUs });
  const { findings, findingCounts, notChecked, ruleSet } = verdict;
  return { file, verdict: read.kind === 'unsupported' ? 'unsupported' : verdict.verdict, ...describe(read), findings, findingCounts, notChecked, ruleSet };
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
 * Validates files one after the other and writes their results in order; one file is in memory at a time.
 * Needs no instance and no data folder.
 * @returns 0 when every file is valid (warnings allowed), 1 when some are not, cannot be read, or do not exist
 */
export async function validateFiles(files: AsyncIterable<string> | Iterable<string>, out: (line: string) => void, options: ValidateOptions): Promise<0 | 1> {
  let allValid = true;
  for await (const file of files) {
    const line = await validateFile(file);
    allValid &&= isValid(line);
    if (options.json) out(JSON.stringify(line));
    else for (const text of human(line)) out(text);
  }
  return allValid ? 0 : 1;
}
