import type { Request } from 'express';
import { problem } from '#contracts/errors.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { Role } from '#contracts/roles.js';
import { entityTag } from '#platform/http/etag.js';
import { pathId } from '#platform/http/query-parameters.js';
import type { Route } from '#platform/http/route.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import { Consistency, TOKEN_ANSWER, TOKEN_PARAMETERS, TOKEN_PROBLEMS } from '../consistency.js';
import { INVOICE_CSV } from '../csv.js';
import { publicInvoice } from '../json.js';
import { FILTER_NAMES, PAGE_LIMITS, Parameters, readFilter, readSort } from '../parameters.js';
import { currentFile, invoiceEvents, lastVerdict, publishedEvents } from '../queries/invoice-log.js';
import { allInvoices, listInvoices, SUMMARY } from '../queries/list-invoices.js';
import { NAMED_VIEW_PARAMETER, viewOf } from '../named-view.js';
import type { ReadDependencies } from '../view.js';
import { getInvoiceRoute, type GetInvoiceDependencies } from './get-invoice.js';
import { setNextLink } from './next-link.js';
import { prefersCsv, sendCsv } from './send-csv.js';

export { cacheKey } from './get-invoice.js';

export interface InvoiceReadDependencies extends GetInvoiceDependencies {
  readonly objects: ObjectStore;
}

const EVERYBODY = ['admin', 'analyst', 'viewer'];
const ID = { name: 'id', in: 'path', description: 'invoice id', required: true } as const;

export function invoiceRoutes(dependencies: InvoiceReadDependencies): Route[] {
  return [getInvoiceRoute(dependencies), listRoute(dependencies), eventsRoute(dependencies), findingsRoute(dependencies), originalRoute(dependencies)];
}

const LIST_NAMES = [...FILTER_NAMES, 'sort', 'limit', 'cursor'];

function listRoute(dependencies: ReadDependencies): Route {
  const consistency = new Consistency(dependencies);
  return {
    method: 'get', path: '/api/v1/invoices', roles: EVERYBODY, tag: 'invoices', summary: `Invoices by filter, page by page; up to ${PAGE_LIMITS.maxCsvRows} rows as CSV with Accept: text/csv`,
    parameters: [...LIST_NAMES.map((name) => ({ name, in: 'query' as const, description: name })), ...TOKEN_PARAMETERS, NAMED_VIEW_PARAMETER],
    answers: { 200: { description: `a page; \`Link\` leads to the next; ${TOKEN_ANSWER}` } },
    problems: ['query-invalid', 'cursor-invalid', 'cursor-expired', ...TOKEN_PROBLEMS, 'generation-unknown', 'read-store-unavailable'],
    async handle(request, response) {
      const parameters = new Parameters(request, LIST_NAMES);
      const view = viewOf(dependencies, request, response);
      const query = { filter: readFilter(parameters), sort: readSort(parameters) };
      const limit = parameters.integer('limit', PAGE_LIMITS.defaultPage, 1, PAGE_LIMITS.maxPage);
      const cursor = parameters.text('cursor', PAGE_LIMITS.maxCursor);
      await consistency.honour(SUMMARY, view, request, response);
      if (prefersCsv(request, response)) return sendCsv(response, 'invoices.csv', INVOICE_CSV, allInvoices(view, { ...query, cursor }, PAGE_LIMITS.maxCsvRows));
      const page = await listInvoices(view, { ...query, limit, cursor });
      setNextLink(request, response, page.next);
      response.json({ items: page.items.map(publicInvoice), ...(page.next !== undefined && { next: page.next }) });
    },
  };
}

function eventsRoute(dependencies: InvoiceReadDependencies): Route {
  return {
    method: 'get', path: '/api/v1/invoices/:id/events', roles: ['admin', 'analyst'], tag: 'invoices', summary: 'The history of one invoice, from the log', parameters: [ID],
    answers: { 200: { description: 'events in their published form' } }, problems: ['invoice-unknown', 'store-unavailable'],
    async handle(request, response, { principal }) {
      const events = await historyOf(dependencies, request);
      response.json({ items: publishedEvents(events, (principal?.role ?? 'viewer') as Role) });
    },
  };
}

/** The log is always current: a token asks nothing of it. */
async function historyOf({ log }: InvoiceReadDependencies, request: Request): Promise<readonly InvoiceEvent[]> {
  const id = pathId(request);
  const events = id === undefined ? [] : await invoiceEvents(log, id);
  if (events.length === 0) throw problem('invoice-unknown');
  return events;
}

function findingsRoute(dependencies: InvoiceReadDependencies): Route {
  return {
    method: 'get', path: '/api/v1/invoices/:id/findings', roles: EVERYBODY, tag: 'invoices', summary: 'What was checked, what was found and what was not checked', parameters: [ID],
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
    method: 'get', path: '/api/v1/invoices/:id/original', roles: EVERYBODY, tag: 'invoices', summary: 'The very bytes that came in, verified against their hash', parameters: [ID],
    answers: { 200: { description: 'the bytes; `Folio-SHA256` names them', mediaType: 'application/xml' } }, problems: ['invoice-unknown', 'original-unavailable', 'original-corrupt', 'store-unavailable'],
    async handle(request, response) {
      const file = currentFile(await historyOf(dependencies, request));
      const bytes = file && (await dependencies.objects.get(file.sha256));
      if (!file || !bytes) throw problem('original-unavailable');
      // Strangers wrote these bytes: they are downloaded, never rendered in our origin.
      response.status(200).set({
        'Content-Type': 'application/xml', 'Content-Length': String(bytes.length), 'Content-Disposition': `attachment; filename*=UTF-8''${extendedValue(file.name)}`,
        'Content-Security-Policy': 'sandbox', 'Folio-SHA256': file.sha256, 'Cache-Control': 'private, no-transform',
      });
      response.end(bytes);
    },
  };
}

/** A file name as RFC 8187 writes it: whatever the client called the file, the header stays well-formed. */
const extendedValue = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/gu, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
