import { problem } from '#contracts/errors.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Route } from '#platform/http/route.js';
import { idOf } from '../api/invoices/command-routes.js';
import { invoiceStream } from '../intake/submit.js';
import { askableOf } from './askable.js';
import type { AuthorityChecks } from './check-table.js';

export interface AuthorityRouteDependencies {
  readonly store: EventStore;
  readonly checks: AuthorityChecks;
  /** Whether a processor of this deployment asks at all. */
  readonly isOn: boolean;
}

/** `POST /api/v1/invoices/{id}/authority-check`. Repeating it changes nothing, so it needs no Idempotency-Key. */
export function authorityCheckRoute({ store, checks, isOn }: AuthorityRouteDependencies): Route {
  return {
    method: 'post', path: '/api/v1/invoices/:id/authority-check', roles: ['admin', 'analyst'], tag: 'invoices', summary: 'Ask the authority at once what it says of an archived invoice',
    parameters: [{ name: 'id', in: 'path', description: 'invoice id', required: true }],
    answers: { 202: { description: 'it is asked before all others; what it says comes as an event of the invoice, where it says something new' } },
    problems: ['invoice-unknown', 'authority-check-impossible', 'store-unavailable'],
    async handle(request, response) {
      const id = idOf(request);
      if (!isOn) throw problem('authority-check-impossible', { reason: 'FOLIO_AUTHORITY_STATUS is off' });
      const events = await store.readStream(invoiceStream(id));
      if (events.length === 0) throw problem('invoice-unknown');
      const askable = askableOf(events).at(-1);
      if (!askable) throw problem('authority-check-impossible', { reason: 'it is no archived CFDI with a stamp' });
      await checks.want(askable, new Date());
      response.status(202).json({ id });
    },
  };
}
