import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { problem } from '#contracts/errors.js';
import { calendarDay } from '#contracts/calendar.js';
import type { Claim } from '#contracts/events/invoice.js';
import { toSha256, type CommandId } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import { toMoney } from '#contracts/money.js';
import { readBody } from '#platform/http/body.js';
import { readMultipart, type UploadedFile } from '#platform/http/multipart.js';
import type { RequestContext, Route } from '#platform/http/route.js';
import { validateDto } from '#platform/http/validate-dto.js';
import { submitClaim, submitDocument, type IntakeDependencies, type Submitted } from '../../intake/submit.js';
import type { IdempotencyStore } from '../../idempotency/port.js';
import { sendAnswer } from '../../idempotency/with-idempotency.js';
import { commandContext, partCommandId, runCommand } from '../command-request.js';
import { outcomeBody, toAnswer } from '../outcome.js';
import { SubmitInvoiceDto, SUBMIT_SCHEMA } from './dto.js';

export interface SubmitDependencies extends IntakeDependencies {
  readonly idempotency: IdempotencyStore;
  /** Files in one multipart request. */
  readonly maxFiles: number;
}

const XML_TYPES = /^(?:application|text)\/(?:[\w.+-]+\+)?xml\b/iu;
const CHANNELS = { api: 'upload', import: 'import' } as const;

/** `POST /api/v1/invoices`: JSON, the document itself, or a form with one or many of them. */
export function submitRoute(dependencies: SubmitDependencies): Route {
  return {
    method: 'post',
    path: '/api/v1/invoices',
    roles: ['admin', 'analyst'],
    tag: 'invoices',
    summary: 'Take a document in: as JSON claims with an address, as the XML itself, or as a form with one or many files',
    parameters: [{ name: 'Idempotency-Key', in: 'header', description: 'repeating with the same key gives the same answer' }],
    body: { 'application/json': SUBMIT_SCHEMA, 'application/xml': { type: 'string', format: 'binary' }, 'multipart/form-data': { type: 'object', properties: { file: { type: 'array', items: { type: 'string', format: 'binary' } } } } },
    answers: {
      201: { description: 'taken in (new, or a new attempt for a rejected one)' },
      200: { description: 'the same document is here already (its first answer), or the result per file of a form with many' },
    },
    problems: ['document-unreadable', 'document-unsupported', 'invoice-identity-missing', 'invoice-identity-conflict', 'invoice-copies-exhausted', 'url-not-allowed', 'field-invalid', 'body-too-large', 'judging-busy', 'media-type-unsupported', 'object-store-full', 'object-store-unavailable', 'idempotency-in-flight', 'idempotency-mismatch'],
    async handle(request, response, context) {
      const type = request.headers['content-type'] ?? '';
      if (/^multipart\/form-data\b/iu.test(type)) return submitForm(dependencies, request, response, context);
      if (XML_TYPES.test(type)) return submitXml(dependencies, request, response, context);
      if (/^application\/json\b/iu.test(type)) return submitJson(dependencies, request, response, context);
      throw problem('media-type-unsupported', { found: type || 'nothing', expected: 'application/json, application/xml or multipart/form-data' });
    },
  };
}

async function submitXml(dependencies: SubmitDependencies, request: Request, response: Response, context: RequestContext): Promise<void> {
  const bytes = await readBody(request, dependencies.maxDocumentBytes);
  await runCommand(dependencies.idempotency, request, response, context, hash(bytes), async (commandId) => {
    const submitted = await takeIn(dependencies, bytes, { mediaType: 'application/xml', name: fileNameOf(request), channel: channelOf(request) }, commandId, context);
    return submittedAnswer(submitted);
  });
}

async function submitJson(dependencies: SubmitDependencies, request: Request, response: Response, context: RequestContext): Promise<void> {
  const bytes = await readBody(request, 64 * 1024);
  const dto = await validateDto(SubmitInvoiceDto, parseJson(bytes));
  if (!/^(?:https?|file|sftp|s3):/iu.test(dto.fileUrl) || !URL.canParse(dto.fileUrl)) throw problem('url-not-allowed', { reason: 'it must be an http, https, sftp, s3 or file address' });
  await runCommand(dependencies.idempotency, request, response, context, hash(bytes), async (commandId) => {
    const incoming = { claim: toClaim(dto), fileUrl: dto.fileUrl, checksum: toSha256(dto.checksum) };
    return submittedAnswer(await submitClaim(dependencies, incoming, commandContext(commandId, context)));
  });
}

interface FileResult {
  readonly file: string;
  readonly status: number;
  readonly [name: string]: unknown;
}

/** One file is answered like an upload of its own; many are answered one by one, each with its own status. */
async function submitForm(dependencies: SubmitDependencies, request: Request, response: Response, context: RequestContext): Promise<void> {
  const { maxFiles, maxDocumentBytes } = dependencies;
  const results: { result: FileResult; submitted?: Submitted; problem?: Problem }[] = [];
  for await (const file of readMultipart(request, { maxFiles, maxFileBytes: maxDocumentBytes, maxFields: 20, maxFieldBytes: 64 * 1024 })) {
    results.push(await submitPart(dependencies, file, results.length, request, context));
  }
  const [only] = results;
  if (!only) throw problem('body-malformed', { expected: 'multipart/form-data', reason: 'it has no file' });
  if (results.length > 1) {
    response.status(200).json({ results: results.map(({ result }) => result) });
    return;
  }
  if (only.problem) throw only.problem;
  if (only.submitted) sendAnswer(response, toAnswer(submittedAnswer(only.submitted)));
}

async function submitPart(dependencies: SubmitDependencies, file: UploadedFile, index: number, request: Request, context: RequestContext): Promise<{ result: FileResult; submitted?: Submitted; problem?: Problem }> {
  const name = file.filename || `file ${index + 1}`;
  try {
    const bytes = await collect(file.content);
    const commandId = partCommandId(request, context, `${index}#${hash(bytes)}`);
    const submitted = await takeIn(dependencies, bytes, { mediaType: 'application/xml', name, channel: channelOf(request) }, commandId, context);
    return { submitted, result: { file: name, status: submitted.outcome === 'duplicate' ? 200 : 201, ...outcomeBody(submitted), outcome: submitted.outcome, attempt: submitted.attempt } };
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'internal') throw error;
    return { problem: error, result: { file: name, status: error.kind.status, code: error.code, detail: error.message } };
  }
}

interface FileTraits {
  readonly mediaType: string;
  readonly name: string | undefined;
  readonly channel: 'upload' | 'import';
}

const takeIn = (dependencies: SubmitDependencies, bytes: Uint8Array, { mediaType, name, channel }: FileTraits, commandId: CommandId, context: RequestContext): Promise<Submitted> =>
  submitDocument(dependencies, { bytes, mediaType, channel, ...(name !== undefined && { name }) }, commandContext(commandId, context));

const submittedAnswer = (submitted: Submitted) => ({
  status: submitted.outcome === 'duplicate' ? 200 : 201,
  location: `/api/v1/invoices/${submitted.id}`,
  eventType: 'fiscal.invoice.created',
  stream: submitted.stream,
  body: { ...outcomeBody(submitted), outcome: submitted.outcome, attempt: submitted.attempt },
  revision: submitted.revision,
  position: submitted.position,
});

function toClaim(dto: SubmitInvoiceDto): Claim {
  const day = calendarDay(dto.issuanceDate);
  return {
    issuer: { id: dto.issuer }, receiver: { id: dto.receiver }, taxes: [], amount: toMoney(dto.amount), currency: dto.currency, issuanceDate: dto.issuanceDate,
    ...(day !== undefined && { issuanceDay: day }),
    ...(dto.uuid !== undefined && { uuid: dto.uuid.toUpperCase() }),
    ...(dto.format !== undefined && { format: dto.format }),
    ...(dto.number !== undefined && { number: dto.number }),
    ...(dto.series !== undefined && { series: dto.series }),
    ...(dto.documentType !== undefined && { documentType: dto.documentType }),
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw problem('body-malformed', { expected: 'JSON', reason: 'it is not well-formed' });
  }
}

async function collect(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The importer says so, that the channel of the event tells how the document came. */
const channelOf = (request: Request): 'upload' | 'import' => (request.get('folio-channel') === 'import' ? CHANNELS.import : CHANNELS.api);

function fileNameOf(request: Request): string | undefined {
  const name = request.get('folio-file-name');
  if (name === undefined) return undefined;
  try {
    return decodeURIComponent(name).slice(0, 255);
  } catch {
    return undefined;
  }
}
