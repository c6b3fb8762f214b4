import fc from 'fast-check';
import type { InvoiceFact } from '#contracts/events/invoice.js';
import type { UserFact } from '#contracts/events/auth.js';
import { toMoney } from '#contracts/money.js';
import {
  archived, authorityStatusReported, cancelled, copyReceived, created, duplicateSuspected, failed, invoice, processingStarted, registered, rejudged, reinstated, resubmitted, retryScheduled, roleChanged, suspended, unchecked, user, userDeleted, validated,
  validationFailed, type Fact, type StreamFacts,
} from '../../../projections/kit/testing/index.js';

/** Amounts as people write them; Postgres prints some of them otherwise. */
const amount = fc.constantFrom('1160.00', '0', '-0.00', '007.10', '99999999999999999999.123456', '-12.5').map(toMoney);
const text = fc.oneof(fc.constantFrom('Café de olla', 'tab\there', 'back\\slash', '\\N', '{}', "it's"), fc.string({ maxLength: 20 }).map((some) => some.replaceAll('\u0000', '')));

/** Any event of an invoice, in any order: a fold is total, whatever deciders would make of it. */
const laterFact: fc.Arbitrary<InvoiceFact> = fc.oneof(
  fc.nat({ max: 3 }).map((attempt) => processingStarted(attempt + 1)),
  fc.tuple(amount, amount, text).map(([subtotal, total, description]) => validated({ subtotal, total, descriptions: [description] })),
  fc.constantFrom<[string, ...string[]]>(['CFDI40108'], ['CFDI40108', 'CFDI40102']).map((codes) => validationFailed(codes)),
  text.filter((reason) => reason.length > 0).map((reason) => failed({ reason })),
  fc.constantFrom<InvoiceFact>(copyReceived(), resubmitted(), retryScheduled(), archived(), cancelled(), rejudged(), rejudged('CFDI40108', 'CRP20202'), duplicateSuspected(), authorityStatusReported('cancelled'), authorityStatusReported('in-force')),
);

const place = fc.record({ shardKey: fc.constantFrom('AAA010101AA0', 'BBB010101BB0', 'CCC010101CC0', 'tab\tkey'), month: fc.constantFrom('2026-03-01', '2026-02-01', '0001-01-01', '2999-01-01') });

export const invoiceFacts = fc.tuple(fc.constant(created()), fc.array(laterFact, { maxLength: 7 })).map(([first, later]): readonly Fact[] => [first, ...later]);
export const invoices: fc.Arbitrary<StreamFacts[]> = fc.array(fc.tuple(place, invoiceFacts), { minLength: 1, maxLength: 8 })
  .map((streams) => streams.map(([at, facts], index) => invoice({ key: `I${index}`, ...at }, ...facts)));

const userFact: fc.Arbitrary<UserFact> = fc.constantFrom<UserFact>(roleChanged('analyst'), roleChanged('admin'), suspended(), reinstated(), userDeleted());
export const users: fc.Arbitrary<StreamFacts[]> = fc.array(fc.tuple(place, fc.array(userFact, { maxLength: 6 })), { minLength: 1, maxLength: 6 })
  .map((streams) => streams.map(([at, facts], index) => user({ key: `U${index}`, ...at }, registered(), ...facts)));

/** Nobody can read it; or the fold takes it, and no table does. */
export const poison: fc.Arbitrary<Fact> = fc.constantFrom(
  unchecked('fiscal.invoice.melted', {}), unchecked('fiscal.invoice.cancelled', { motive: '02' }, 99),
  unchecked('fiscal.invoice.validated', { ...validated().data, facts: { ...validated().data.facts, total: 'much' } }),
);
