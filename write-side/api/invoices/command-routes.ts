import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { problem } from '#contracts/errors.js';
import type { InvoiceCommand } from '#contracts/commands/invoice.js';
import { isUuid, toInvoiceId, type InvoiceId } from '#contracts/kernel/ids.js';
import type { EventStore } from '#platform/event-store/port.js';
import { ifMatchRevision } from '#platform/http/etag.js';
import type { Route } from '#platform/http/route.js';
import { validateDto } from '#platform/http/validate-dto.js';
import { handleCommand } from '../../handle-command.js';
import { invoiceStream } from '../../intake/submit.js';
import { invoiceDecider } from '../../invoice/decide.js';
import type { IdempotencyStore } from '../../idempotency/port.js';
import { commandContext, runCommand } from '../command-request.js';
import { outcomeBody } from '../outcome.js';
import { CancelInvoiceDto, CANCEL_SCHEMA } from './dto.js';

export interface InvoiceCommandDependencies {
  readonly store: EventStore;
  readonly idempotency: IdempotencyStore;
}

interface CommandRouteSpec {
  readonly name: 'process' | 'cancel';
  readonly roles: readonly string[];
  readonly status: number;
  readonly summary: string;
  readonly description: string;
  readonly problems: readonly string[];
  readonly schema?: object;
  readonly command: (request: Request) => Promise<InvoiceCommand> | InvoiceCommand;
}

const SPECS: readonly CommandRouteSpec[] = [
  {
    name: 'process', roles: ['admin', 'analyst'], status: 202, summary: 'Process a rejected invoice again', description: 'a new attempt begins',
    problems: ['invoice-not-rejected'],
    command: () => ({ kind: 'reprocess' }),
  },
  {
    name: 'cancel', roles: ['admin', 'analyst'], status: 200, summary: 'Cancel an archived invoice', description: 'cancelled (also when it was before)',
    problems: ['invoice-not-archived', 'field-invalid', 'media-type-unsupported', 'body-malformed'], schema: CANCEL_SCHEMA,
    command: async (request) => {
      const { motive, replacedBy } = await validateDto(CancelInvoiceDto, request.body);
      return { kind: 'cancel', motive, ...(replacedBy !== undefined && { replacedBy: replacedBy.toUpperCase() }) };
    },
  },
];

/** `POST /api/v1/invoices/{id}/process` and `/cancel`. */
export const invoiceCommandRoutes = (dependencies: InvoiceCommandDependencies): Route[] => SPECS.map((spec) => commandRoute(dependencies, spec));

function commandRoute({ store, idempotency }: InvoiceCommandDependencies, spec: CommandRouteSpec): Route {
  return {
    method: 'post', path: `/api/v1/invoices/:id/${spec.name}`, roles: spec.roles, tag: 'invoices', summary: spec.summary,
    parameters: [
      { name: 'id', in: 'path', description: 'invoice id', required: true },
      { name: 'If-Match', in: 'header', description: 'entity tag: only when the invoice is still at this revision' },
      { name: 'Idempotency-Key', in: 'header', description: 'repeating with the same key gives the same answer' },
    ],
    ...(spec.schema && { body: { 'application/json': spec.schema }, reads: 'json' as const }),
    answers: { [spec.status]: { description: spec.description } },
    problems: ['invoice-unknown', 'precondition-failed', 'precondition-malformed', 'revision-conflict', 'idempotency-in-flight', 'idempotency-mismatch', ...spec.problems],
    async handle(request, response, context) {
      const id = idOf(request);
      const command = await spec.command(request);
      const ifRevision = ifMatchRevision(request);
      const bodyHash = createHash('sha256').update(JSON.stringify(command)).digest('hex');
      await runCommand(idempotency, request, response, context, bodyHash, async (commandId) => {
        const stream = invoiceStream(id);
        const { revision, position } = await handleCommand(store, invoiceDecider, stream, command, { ...commandContext(commandId, context), ...(ifRevision !== undefined && { ifRevision }) });
        return { status: spec.status, stream, eventType: 'fiscal.invoice.created', revision, position, body: outcomeBody({ id, revision, position }) };
      });
    },
  };
}

/** @throws Problem invoice-unknown */
export function idOf(request: Request): InvoiceId {
  const { id } = request.params;
  if (typeof id !== 'string' || !isUuid(id)) throw problem('invoice-unknown');
  return toInvoiceId(id);
}
