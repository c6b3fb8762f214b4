import { once } from 'node:events';
import type { Request, Response } from 'express';
import { problem } from '#contracts/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { Snapshot } from '#platform/backup/snapshot.js';
import { takeBackup, type BackupSources } from '#platform/backup/take.js';
import { BackupWriter } from '#platform/backup/writer.js';
import { problemDocument } from '#platform/http/problem-document.js';
import type { RequestContext, Route } from '#platform/http/route.js';
import type { Logger } from '#platform/logger.js';
import { VERSION } from '../version.js';

export const BACKUP_SENDING = {
  /** A reader that takes nothing for so long is cut off (ms). */
  silenceMs: 60_000,
  /** Longest time that the write side is held as it was (ms); the log is never held. */
  snapshotMs: 600_000,
} as const;

export interface BackupRouteOptions {
  /** @throws Problem backup-impossible */
  readonly sources: () => Promise<BackupSources>;
  /** Aborted when the server stops. */
  readonly draining: () => AbortSignal;
  readonly logger: Logger;
  readonly limits?: { readonly silenceMs: number; readonly snapshotMs: number };
}

const MEDIA_TYPE = 'application/x-tar';

/**
 * `GET /backup`: everything that cannot be made again as one stream. It holds signing keys and password hashes, so an admin's token is not enough: only the
 * key of the command line opens it.
 */
export function backupRoute(options: BackupRouteOptions): Route {
  let running = false;
  return {
    method: 'get', path: '/api/v1/backup', roles: ['admin'], tag: 'operations', limited: false,
    summary: 'Events, write side, keys and objects as one tar stream, consistent while everything runs; for the command line only',
    answers: { 200: { description: 'a tar whose last entry is its manifest; without it, it is no backup', mediaType: MEDIA_TYPE } },
    problems: ['role-insufficient', 'backup-impossible', 'store-unavailable'],
    async handle(request, response, context) {
      const { principal } = context;
      if (principal?.tier !== 'operator') throw problem('role-insufficient', { needed: 'the key of the command line', found: principal?.role });
      if (isHead(request)) return void response.type(MEDIA_TYPE).end();
      if (running) throw problem('backup-impossible', { reason: 'another backup is being taken; wait for its end' });
      running = true;
      try {
        await sendBackup(response, context, options);
      } finally {
        running = false;
      }
    },
  };
}

/** Express answers HEAD with the handler of GET. */
const isHead = ({ method }: Request): boolean => method === 'HEAD';

async function sendBackup(response: Response, { correlationId }: RequestContext, { sources, draining, logger, limits = BACKUP_SENDING }: BackupRouteOptions): Promise<void> {
  const from = await sources();
  const snapshot = await Snapshot.open(from);
  if (response.destroyed) return snapshot.destroy();
  const writer = new BackupWriter(new Date());
  // One end for every way in which the reader is lost: it left, it takes nothing, or the server stops. Whoever reads or writes for it then ends.
  const lost = new Error('the reader of the backup is gone');
  response.once('close', () => {
    snapshot.destroy();
    writer.abort(lost);
  });
  const cut = (): void => void response.destroy();
  draining().addEventListener('abort', cut, { once: true });
  response.status(200).set({ 'Content-Type': MEDIA_TYPE, 'Cache-Control': 'no-store' });
  const inTime = <Result>(work: Promise<Result>): Promise<Result> => within(limits.snapshotMs, work, cut);
  try {
    const taking = takeBackup(snapshot, from, { writer, folio: VERSION, inTime }).catch(async (error: unknown) => {
      if (response.destroyed) throw error;
      logger.error({ correlationId, err: error }, 'a backup could not be taken');
      await writer.fail(problemDocument(error instanceof Problem ? error : problem('internal', {}, { cause: error }), correlationId));
    });
    await Promise.all([taking, send(writer, response, limits.silenceMs)]);
  } catch (error) {
    logger.warn({ correlationId, err: error }, 'a backup was not read to its end');
    response.destroy();
  } finally {
    draining().removeEventListener('abort', cut);
    snapshot.destroy();
  }
}

/** Hands the stream to the reader as fast as it takes it. */
async function send(writer: BackupWriter, response: Response, silenceMs: number): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  for await (const chunk of writer.stream as AsyncIterable<Buffer>) {
    if (!response.write(chunk)) await within(silenceMs, once(response, 'drain', { signal: gone.signal }), () => response.destroy());
  }
  response.end();
}

async function within<Result>(ms: number, work: Promise<Result>, late: () => void): Promise<Result> {
  const timer = setTimeout(late, ms);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
