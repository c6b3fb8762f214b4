import type { IncomingMessage } from 'node:http';
import { platformProblem } from '#contracts/kernel/errors.js';
import { parseRevision, type Revision } from '#contracts/kernel/position.js';

/** `"<revision>.<generation>"`; the write side knows no generation and says 0. `If-Match` compares the revision only. */
export const entityTag = (revision: Revision, generation = 0): string => `"${revision}.${generation}"`;

const ENTITY_TAG = /^"(\d{1,20})(?:\.\d{1,10})?"$/u;

/** The revision that `If-Match` names; undefined without the header or with `*`. @throws Problem precondition-malformed */
export function ifMatchRevision(request: IncomingMessage): Revision | undefined {
  const header = request.headers['if-match']?.trim();
  if (header === undefined || header === '*') return undefined;
  const revision = parseRevision(ENTITY_TAG.exec(header)?.[1] ?? '');
  if (revision === undefined) throw platformProblem('precondition-malformed');
  return revision;
}

/** Whether `If-None-Match` names this very tag (weak comparison): the answer is then 304 without a body. */
export function isNotModified(request: IncomingMessage, tag: string): boolean {
  const header = request.headers['if-none-match'];
  return header !== undefined && header.split(',').some((candidate) => candidate.trim().replace(/^W\//u, '') === tag);
}
