import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { ClientGone } from './body.js';

export interface MultipartLimits {
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly maxFields: number;
  readonly maxFieldBytes: number;
}

export const DEFAULT_MULTIPART_LIMITS: MultipartLimits = { maxFiles: 100, maxFileBytes: 20 * 1024 * 1024, maxFields: 20, maxFieldBytes: 64 * 1024 };

export interface UploadedFile {
  /** Name of the form field. */
  readonly field: string;
  /** Last part of the name that the client gave; empty when it gave none. */
  readonly filename: string;
  readonly mediaType: string;
  /** To be read to its end (or left) before the next file is asked for. Throws `body-too-large` past the limit. */
  readonly content: AsyncIterable<Uint8Array>;
}

const malformed = (reason: string) => platformProblem('body-malformed', { expected: 'multipart/form-data', reason });

/**
 * The files of a multipart body, one after the other, streamed: pulling is the backpressure, nothing is held but one chunk.
 * A file whose content was not read is skipped. Other form fields are read over, within their limits.
 * @throws Problem media-type-unsupported | body-malformed | body-too-large; ClientGone
 */
export async function* readMultipart(request: IncomingMessage, limits: MultipartLimits = DEFAULT_MULTIPART_LIMITS): AsyncGenerator<UploadedFile> {
  const arrivals = new Arrivals();
  const parser = openParser(request, limits);
  parser.on('file', (field, stream, { filename, mimeType }) => {
    stream.on('error', () => undefined);
    arrivals.push({ field, filename: filename ?? '', mediaType: mimeType, stream });
  });
  parser.on('filesLimit', () => arrivals.fail(malformed(`it has more than ${limits.maxFiles} files`)));
  parser.on('fieldsLimit', () => arrivals.fail(malformed(`it has more than ${limits.maxFields} fields`)));
  parser.on('error', () => arrivals.fail(malformed('the parts are cut off or broken')));
  parser.on('close', () => arrivals.end());
  request.once('close', () => { if (!request.complete) arrivals.fail(new ClientGone('the request ended before its body')); });
  request.pipe(parser);
  try {
    for (let next = await arrivals.next(); next; next = await arrivals.next()) {
      const { stream, ...file } = next;
      yield { ...file, content: boundedContent(stream, limits.maxFileBytes, arrivals) };
      stream.resume();
    }
  } finally {
    request.unpipe(parser);
    parser.destroy();
  }
}

function openParser(request: IncomingMessage, limits: MultipartLimits): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: {
        files: limits.maxFiles, fileSize: limits.maxFileBytes, fields: limits.maxFields, fieldSize: limits.maxFieldBytes,
        parts: limits.maxFiles + limits.maxFields, headerPairs: 50,
      },
    });
  } catch {
    throw platformProblem('media-type-unsupported', { found: (request.headers['content-type'] ?? 'none').slice(0, 100), expected: 'multipart/form-data with a boundary' });
  }
}

/** The bytes of one file; fails when the parser cut it at the limit, or when the whole body failed under it. */
async function* boundedContent(stream: Readable & { truncated?: boolean }, limit: number, arrivals: Arrivals): AsyncIterable<Uint8Array> {
  const cut = arrivals.onFailure((error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    // The parser's own fault, told by the file before it is told by the body.
    throw error instanceof Problem || error instanceof ClientGone ? error : malformed('the parts are cut off or broken');
  } finally {
    cut();
  }
  if (stream.truncated) throw platformProblem('body-too-large', { limit });
}

interface Arrival {
  readonly field: string;
  readonly filename: string;
  readonly mediaType: string;
  readonly stream: Readable;
}

/** Files that the parser has met and nobody has taken yet; at most those of one chunk, because an unread file stops the parser. */
class Arrivals {
  readonly #waiting: Arrival[] = [];
  readonly #listeners = new Set<(error: Error) => void>();
  #wake: (() => void) | undefined;
  #failure: Error | undefined;
  #ended = false;

  push(arrival: Arrival): void {
    this.#waiting.push(arrival);
    this.#wake?.();
  }

  fail(error: Error): void {
    if (this.#failure || this.#ended) return;
    this.#failure = error;
    for (const tell of this.#listeners) tell(error);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  onFailure(tell: (error: Error) => void): () => void {
    this.#listeners.add(tell);
    if (this.#failure) tell(this.#failure);
    return () => this.#listeners.delete(tell);
  }

  async next(): Promise<Arrival | undefined> {
    for (;;) {
      const arrival = this.#waiting.shift();
      if (arrival) return arrival;
      if (this.#failure) throw this.#failure;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => { this.#wake = resolve; });
    }
  }
}
