import type { IncomingMessage } from 'node:http';
import { platformProblem } from '#contracts/kernel/errors.js';

/** Bytes of a refused body that are still read and thrown away, so that the client sees the answer before the connection ends. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

/** The request ended before its body did: there is nobody left to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

const tooLarge = (limit: number) => platformProblem('body-too-large', { limit });

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * The whole body. Refused as soon as the announced or the received size passes the limit; never more than the limit is held.
 * @throws Problem body-too-large; ClientGone
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      request.off('data', take).off('end', finish).off('error', gone).off('close', gone);
      done();
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else settle(() => { request.pause(); reject(tooLarge(maxBytes)); });
    };
    const finish = (): void => settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)));
    const gone = (): void => settle(() => reject(new ClientGone('the request ended before its body')));
    request.on('data', take).on('end', finish).on('error', gone).on('close', gone);
  });
}

/** Reads the rest of a refused body into nothing, up to a limit, then cuts the connection. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let discarded = 0;
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > MAX_DISCARDED_BYTES) request.destroy();
  });
  request.resume();
}

const JSON_TYPE = /^application\/(?:json|[\w.+-]+\+json)\s*(?:;\s*charset="?utf-8"?\s*)?$/iu;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON body, or undefined when the request has none.
 * @throws Problem media-type-unsupported | body-too-large | body-malformed
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = request.headers;
  if (type === undefined || !JSON_TYPE.test(type) || encoding !== 'identity') {
    const found = encoding === 'identity' ? (type ?? 'a body without a media type') : `content encoding ${encoding}`;
    throw platformProblem('media-type-unsupported', { found: found.slice(0, 100), expected: 'application/json in UTF-8' });
  }
  const bytes = await readBody(request, maxBytes);
  try {
    return JSON.parse(strictUtf8.decode(bytes));
  } catch (error) {
    // The parser's own words quote the body, which may hold a password: only the kind of fault is told.
    throw platformProblem('body-malformed', { expected: 'JSON', reason: error instanceof SyntaxError ? 'it is not well-formed' : 'it is not UTF-8' });
  }
}
