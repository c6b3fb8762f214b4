import type { Request, Response } from 'express';
import { problem } from '#contracts/errors.js';
import type { Role } from '#contracts/roles.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { Cache } from '#platform/cache/port.js';
import { entityTag, isNotModified } from '#platform/http/etag.js';
import type { Route } from '#platform/http/route.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import { Consistency } from '../consistency.js';
import { csvHeader, csvLine, INVOICE_CSV } from '../csv.js';
import { publicInvoice } from '../json.js';
import { FILTER_NAMES, PAGE_LIMITS, Parameters, pathId, readFilter, readSort } from '../parameters.js';
import { currentFile, invoiceEvents, lastVerdict, publishedEvents } from '../queries/invoice-log.js';
import { allInvoices, findInvoice, listInvoices, SUMMARY } from '../queries/list-invoices.js';
import { ReadView, type ReadDependencies } from '../view.js';

export interface InvoiceReadDependencies extends ReadDependencies {
  readonly objects: ObjectStore;
  readonly cache: Cache<InvoiceSummary>;
  /** Time that a row read from the table stays in the cache (ms). */
  readonly cacheFillMs: number;
}

const EVERYBODY = ['admin', 'analyst', 'viewer'];
const CACHE = 'hot-cache';
const TOKEN = { name: 'Folio-Position', in: 'header', description: 'answer only when the view has seen this write (waits up to 2 s)' } as const;
const READ_PROBLEMS = ['token-malformed', 'position-ahead', 'view-behind', 'read-store-unavailable'];

export function invoiceRoutes(dependencies: InvoiceReadDependencies): Route[] {
  const consistency = new Consistency(dependencies);
  return [
    getRoute(dependencies, consistency), listRoute(dependencies, consistency), eventsRoute(dependencies), findingsRoute(dependencies), originalRoute(dependencies),
  ];
}

/** One invoice: from the cache when it is new enough, then from the table (and the row is left in the cache). */
function getRoute(dependencies: InvoiceReadDependencies, consistency: Consistency): Route {
  return {
    method: 'get', path: '/api/v1/invoices/:id', roles: EVERYBODY, tag: 'invoices', summary: 'One invoice', hot: matchInvoice,
    parameters: [{ name: 'id', in: 'path', description: 'invoice id', required: true }, TOKEN],
    answers: { 200: { description: 'the invoice' }, 304: { description: 'not modified' } }, problems: ['invoice-unknown', ...READ_PROBLEMS],
    async handle(request, response) {
      const id = pathId(request);
      if (id === undefined) throw problem('invoice-unknown');
      const view = new ReadView(dependencies);
      const generation = view.generationOf(SUMMARY);
      const asked = request.headers['folio-position'] !== undefined || request.query['after'] !== undefined;
      const cached = await dependencies.cache.get(cacheKey(generation, id));
      if (cached && (!asked || (await isCurrent(dependencies, consistency, request, response)))) {
        sendRow(request, response, generation, cached.revision, cached.bytes ?? serialise(cached.value));
        if (!cached.bytes) await dependencies.cache.fill(cacheKey(generation, id), { ...cached, bytes: serialise(cached.value) }, dependencies.cacheFillMs);
        return;
      }
      await consistency.honour(SUMMARY, generation, request, response);
      const row = await findInvoice(view, id);
      if (!row) throw problem('invoice-unknown');
      const bytes = serialise(row);
      await dependencies.cache.fill(cacheKey(generation, id), { revision: row.revision, value: row, bytes }, dependencies.cacheFillMs);
      sendRow(request, response, generation, row.revision, bytes);
    },
  };
}

const PREFIX = '/api/v1/invoices/';
const ID_LENGTH = 36;

/** The plain address of one invoice. */
const matchInvoice = (url: string): { id: string } | undefined =>
  url.length === PREFIX.length + ID_LENGTH && url.startsWith(PREFIX) && !url.includes('/', PREFIX.length) && !url.includes('?') ? { id: url.slice(PREFIX.length) } : undefined;

export const cacheKey = (generation: number, id: string): string => `g${generation}:${id}`;

const serialise = (row: InvoiceSummary): Buffer => Buffer.from(JSON.stringify(publicInvoice(row)));

/** With a token the cached row counts only when the cache's own lane has reached it; otherwise the table answers. */
async function isCurrent(dependencies: InvoiceReadDependencies, consistency: Consistency, request: Request, response: Response): Promise<boolean> {
  const generation = dependencies.pointer.generationOf(CACHE);
  return generation !== undefined && consistency.honour(CACHE, generation, request, response);
}

function sendRow(request: Request, response: Response, generation: number, revision: number, bytes: Buffer): void {
  const tag = `"${revision}.${generation}"`;
  response.setHeader('ETag', tag);
  if (isNotModified(request, tag)) {
    response.status(304).end();
    return;
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}

function listRoute(dependencies: InvoiceReadDependencies, consistency: Consistency): Route {
  return {
    method: 'get', path: '/api/v1/invoices', roles: EVERYBODY, tag: 'invoices', summary: 'Invoices by filter, page by page; CSV with Accept: text/csv',
    parameters: [...[...FILTER_NAMES, 'sort', 'limit', 'cursor'].map((name) => ({ name, in: 'query' as const, description: name })), TOKEN],
    answers: { 200: { description: 'a page; `Link` leads to the next' } }, problems: ['query-invalid', 'cursor-invalid', 'cursor-expired', ...READ_PROBLEMS],
    async handle(request, response) {
      const parameters = new Parameters(request, [...FILTER_NAMES, 'sort', 'limit', 'cursor']);
      const view = new ReadView(dependencies);
      const query = { filter: readFilter(parameters), sort: readSort(parameters) };
      const limit = parameters.integer('limit', PAGE_LIMITS.defaultPage, 1, PAGE_LIMITS.maxPage);
      const cursor = parameters.text('cursor', 2_000);
      await consistency.honour(SUMMARY, view.generationOf(SUMMARY), request, response);
      if (request.accepts(['json', 'text/csv']) === 'text/csv') return sendCsv(response, allInvoices(view, query, PAGE_LIMITS.maxCsvRows));
      const page = await listInvoices(view, { ...query, limit, cursor });
      if (page.next !== undefined) response.setHeader('Link', `<${nextLink(request, page.next)}>; rel="next"`);
      response.json({ items: page.items.map(publicInvoice), ...(page.next !== undefined && { next: page.next }) });
    },
  };
}

export function nextLink(request: Request, cursor: string): string {
  const url = new URL(request.originalUrl, 'http://folio.invalid');
  url.searchParams.set('cursor', cursor);
  return url.pathname + url.search;
}

async function sendCsv(response: Response, rows: AsyncIterable<InvoiceSummary>): Promise<void> {
  response.status(200).set({ 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="invoices.csv"' });
  response.write(csvHeader(INVOICE_CSV));
  for await (const row of rows) {
    if (!response.write(csvLine(INVOICE_CSV, row))) await new Promise<void>((resolve) => { response.once('drain', resolve).once('close', resolve); });
    if (response.destroyed) return;
  }
  response.end();
}

function eventsRoute(dependencies: InvoiceReadDependencies): Route {
  return {
    method: 'get', path: '/api/v1/invoices/:id/events', roles: ['admin', 'analyst'], tag: 'invoices', summary: 'The history of one invoice, from the log',
    parameters: [{ name: 'id', in: 'path', description: 'invoice id', required: true }],
    answers: { 200: { description: 'events in their published form' } }, problems: ['invoice-unknown', 'store-unavailable'],
    async handle(request, response, { principal }) {
      const events = await historyOf(dependencies, request);
      response.json({ items: publishedEvents(events, (principal?.role ?? 'viewer') as Role) });
    },
  };
}

async function historyOf({ log }: InvoiceReadDependencies, request: Request) {
  const id = pathId(request);
  const events = id === undefined ? [] : await invoiceEvents(log, id);
  if (events.length === 0) throw problem('invoice-unknown');
  return events;
}

function findingsRoute(dependencies: InvoiceReadDependencies): Route {
  return {
    method: 'get', path: '/api/v1/invoices/:id/findings', roles: EVERYBODY, tag: 'invoices', summary: 'What was checked, what was found and what was not checked',
    parameters: [{ name: 'id', in: 'path', description: 'invoice id', required: true }],
    answers: { 200: { description: 'the verdict of the last attempt; `verdict` is null while there is none' } }, problems: ['invoice-unknown', 'store-unavailable', 'original-corrupt'],
    async handle(request, response) {
      const found = lastVerdict(await historyOf(dependencies, request));
      if (!found) {
        response.json({ verdict: null });
        return;
      }
      response.setHeader('ETag', entityTag(found.revision));
      const whole = found.verdict.fullVerdict === undefined ? undefined : await dependencies.objects.get(found.verdict.fullVerdict);
      if (whole) response.type('json').send(Buffer.from(whole));
      else response.json(found.verdict);
    },
  };
}

function originalRoute(dependencies: InvoiceReadDependencies): Route {
  return {
    method: 'get', path: '/api/v1/invoices/:id/original', roles: EVERYBODY, tag: 'invoices', summary: 'The very bytes that came in, verified against their hash',
    parameters: [{ name: 'id', in: 'path', description: 'invoice id', required: true }],
    answers: { 200: { description: 'the bytes; `Folio-SHA256` names them', mediaType: 'application/xml' } }, problems: ['invoice-unknown', 'original-unavailable', 'original-corrupt', 'store-unavailable'],
    async handle(request, response) {
      const file = currentFile(await historyOf(dependencies, request));
      const bytes = file && (await dependencies.objects.get(file.sha256));
      if (!file || !bytes) throw problem('original-unavailable');
      // Strangers wrote these bytes: they are downloaded, never rendered in our origin.
      response.status(200).set({ 'Content-Type': 'application/xml', 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`, 'Content-Security-Policy': 'sandbox', 'Folio-SHA256': file.sha256, 'Cache-Control': 'private, no-transform' });
      response.end(bytes);
    },
  };
}
