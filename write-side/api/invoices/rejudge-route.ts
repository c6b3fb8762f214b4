import { createHash } from 'node:crypto';
import type { Route } from '#platform/http/route.js';
import type { IdempotencyStore } from '../../idempotency/port.js';
import { invoiceStream } from '../../intake/submit.js';
import { rejudge, type RejudgeDependencies } from '../../judging/rejudge.js';
import { commandContext, runCommand } from '../command-request.js';
import { outcomeBody } from '../outcome.js';
import { idOf } from './command-routes.js';

/** `POST /api/v1/invoices/{id}/rejudge`. */
export function rejudgeRoute({ idempotency, ...dependencies }: RejudgeDependencies & { readonly idempotency: IdempotencyStore }): Route {
  return {
    method: 'post', path: '/api/v1/invoices/:id/rejudge', roles: ['admin', 'analyst'], tag: 'invoices', summary: 'Judge the kept file again, by the rules of today',
    parameters: [
      { name: 'id', in: 'path', description: 'invoice id', required: true },
      { name: 'Idempotency-Key', in: 'header', description: 'repeating with the same key gives the same answer' },
    ],
    answers: { 200: { description: '`changed`: the verdict differs from the last one and was recorded beside it; `unchanged`: it does not. The status of the invoice stays as it is' } },
    problems: ['invoice-unknown', 'invoice-not-judged', 'original-unavailable', 'judging-busy', 'object-store-unavailable', 'revision-conflict', 'idempotency-in-flight', 'idempotency-mismatch'],
    async handle(request, response, context) {
      const id = idOf(request);
      await runCommand(idempotency, request, response, context, createHash('sha256').update('rejudge').digest('hex'), async (commandId) => {
        const { handled: { outcome, revision, position }, before, verdict } = await rejudge(dependencies, id, commandContext(commandId, context));
        const told = ({ verdict: name, ruleSet, findingCounts }: typeof before | typeof verdict) => ({ verdict: name, ruleSet, findingCounts: { ...findingCounts } });
        const body = { ...outcomeBody({ id, revision, position }), outcome: outcome === 'unchanged' ? 'unchanged' : 'changed', before: told(before), after: told(verdict) };
        return { status: 200, stream: invoiceStream(id), eventType: 'fiscal.invoice.created', revision, position, body };
      });
    },
  };
}
