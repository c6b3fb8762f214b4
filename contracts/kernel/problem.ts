/** Facts of one error that fill its template and travel in the problem document. */
export type ProblemDetail = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** What the catalogue says of one error code. */
export interface ProblemKind {
  readonly status: number;
  /** One sentence; `{name}` is replaced by the detail of that name. */
  readonly template: string;
  /** Whether repeating the same request later may succeed. */
  readonly retryable: boolean;
}

/** RFC 9457 body of every non-2xx answer. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly correlationId?: string;
  readonly [extension: string]: unknown;
}

/** A coded fault or refusal. Rooms throw it at their edges; deciders return rejections instead. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: string,
    readonly kind: ProblemKind,
    readonly detail: ProblemDetail = {},
    options?: { cause?: unknown },
  ) {
    super(fillTemplate(kind.template, detail), options);
  }
}

export function fillTemplate(template: string, detail: ProblemDetail): string {
  return template.replaceAll(/\{([a-zA-Z]+)\}/gu, (_, name: string) => {
    const value = detail[name];
    return value === undefined ? '?' : String(value);
  });
}
