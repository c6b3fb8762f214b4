/** What becomes of a file of an import: exactly one of these. */
export const IMPORT_CATEGORIES = ['archived', 'archived with warnings', 'rejected', 'conflicting', 'duplicate', 'unsupported', 'unreadable', 'technical failure'] as const;
export type ImportCategory = (typeof IMPORT_CATEGORIES)[number];

/** `receiving`: its body has not arrived yet; `waiting`: for its turn; `cancelled`: what had not been taken in by then is not. */
export const IMPORT_STATES = ['receiving', 'waiting', 'running', 'done', 'cancelled'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export const isImportCategory = (text: string): text is ImportCategory => IMPORT_CATEGORIES.some((category) => category === text);

/** How an attempt ended. */
export interface ImportEnding {
  readonly category: ImportCategory;
  /** First fatal code, root element, or what went wrong. */
  readonly detail: string;
}

/** Events that tell how an attempt ended; the first of them only whether its archive comes with warnings. */
export const ENDING_TYPES = ['fiscal.invoice.validated', 'fiscal.invoice.archived', 'fiscal.invoice.validation-failed', 'fiscal.invoice.failed'] as const;

/** What of an event's data is looked at, in its published form too. */
type Told = Readonly<Record<string, unknown>>;
const verdictOf = (data: Told) => data['verdict'] as { readonly verdict?: string; readonly findings?: readonly { readonly severity: string; readonly code: string }[] } | undefined;

export const tellsOfWarnings = (type: string, data: Told): boolean => type === 'fiscal.invoice.validated' && verdictOf(data)?.verdict === 'valid-with-warnings';

/** @param isWarned whether an event before it told of warnings @returns undefined where the attempt goes on */
export function endingOf(type: string, data: Told, isWarned: boolean): ImportEnding | undefined {
  const verdict = verdictOf(data);
  switch (type) {
    case 'fiscal.invoice.archived':
      return { category: isWarned ? 'archived with warnings' : 'archived', detail: '' };
    case 'fiscal.invoice.validation-failed':
      return { category: 'rejected', detail: verdict?.findings?.find(({ severity }) => severity === 'error')?.code ?? verdict?.verdict ?? '' };
    case 'fiscal.invoice.failed':
      return { category: data['retriesExhausted'] === true ? 'technical failure' : 'rejected', detail: typeof data['code'] === 'string' ? data['code'] : '' };
    default:
      return undefined;
  }
}

/** What a refusal at the door makes of a file. */
export function refusalOf(code: string, { status, detail, root = '' }: { readonly status: number; readonly detail: string; readonly root?: string }): ImportEnding {
  if (code === 'document-unsupported') return { category: 'unsupported', detail: root || detail };
  if (code === 'document-unreadable' || code === 'body-too-large') return { category: 'unreadable', detail };
  if (code === 'invoice-identity-conflict' || code === 'invoice-copies-exhausted') return { category: 'conflicting', detail };
  return status >= 500 || status === 429 ? { category: 'technical failure', detail: code } : { category: 'rejected', detail: code };
}

/** An import as it stands. Instants are ISO 8601. */
export interface ImportJob {
  readonly id: string;
  readonly state: ImportState;
  /** Bytes received. */
  readonly bytes: number;
  /** Files in it, those in archives included; null until they were looked at. */
  readonly files: number | null;
  /** Files that were taken in or refused so far. */
  readonly taken: number;
  /** Of those, files whose processing has not ended. */
  readonly processing: number;
  readonly counts: Readonly<Record<ImportCategory, number>>;
  readonly by: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** One file of an import. Without a category it is still being processed. */
export interface ImportFile {
  /** Place in the import, from 0. */
  readonly place: number;
  readonly file: string;
  readonly category: ImportCategory | null;
  readonly detail: string;
  readonly invoice: string | null;
  readonly attempt: number | null;
}
