import type { Claim } from '#contracts/events/invoice.js';
import { compareMoney } from '#contracts/money.js';
import { partyIds } from '../../facts/en16931.js';
import type { ReadDocument } from '../../result.js';
import { ABSENT, type Report, type Rule, type RuleText } from '../rule.js';

/** A document beside what the caller claimed of it. */
export interface Claimed {
  readonly read: ReadDocument;
  readonly claim: Claim;
}

const normal = (text: string): string => text.replace(/\s/gu, '').toUpperCase();

/** Every id by which the document knows the party. */
function idsOf({ document }: ReadDocument, side: 'issuer' | 'receiver'): string[] {
  if (document.syntax !== 'cfdi') return partyIds(side === 'issuer' ? document.seller : document.buyer);
  const rfc = (side === 'issuer' ? document.emisor : document.receptor)?.Rfc;
  return rfc === undefined ? [] : [rfc];
}

const checkParty = (side: 'issuer' | 'receiver') => ({ read, claim }: Claimed, report: Report): void => {
  const claimed = claim[side].id;
  if (claimed === undefined) return;
  const found = idsOf(read, side);
  if (!found.some((id) => normal(id) === normal(claimed))) report(`/facts/${side}/id`, claimed, found.join(', ') || ABSENT);
};

function checkUuid({ read, claim }: Claimed, report: Report): void {
  const found = read.facts.uuid;
  if (claim.uuid !== undefined && found !== undefined && normal(claim.uuid) !== found) report('/facts/uuid', claim.uuid, found);
}

function checkUuidPresent({ read, claim }: Claimed, report: Report): void {
  if (claim.uuid !== undefined && read.facts.uuid === undefined) report('/facts/uuid', claim.uuid, ABSENT);
}

function checkAmount({ read, claim }: Claimed, report: Report): void {
  const found = read.facts.total;
  if (claim.amount === undefined || (found !== undefined && compareMoney(claim.amount, found) === 0)) return;
  report('/facts/total', claim.amount, found ?? ABSENT);
}

function checkCurrency({ read, claim }: Claimed, report: Report): void {
  const found = read.facts.currency;
  if (claim.currency !== undefined && normal(claim.currency) !== found) report('/facts/currency', claim.currency, found ?? ABSENT);
}

const DAY_LENGTH = 10;

/** A claim may name the day alone; a time, where given, must be the document's too. */
function checkDate({ read, claim: { issuanceDate: claimed } }: Claimed, report: Report): void {
  const written = read.facts.dates.issued;
  if (claimed === undefined || claimed === written) return;
  const sameDay = claimed.length === DAY_LENGTH && claimed === read.facts.issuanceDay;
  const dayOnly = written?.length !== undefined && !written.includes('T') && claimed.slice(0, DAY_LENGTH) === read.facts.issuanceDay;
  if (!sameDay && !dayOnly) report('/facts/dates/issued', claimed, written ?? ABSENT);
}

const SOURCE = 'Folio, command that took the document in';
type Check = (claimed: Claimed, report: Report) => void;
const rule = (code: string, term: string, en: string, es: string, check: Check, severity: RuleText['severity'] = 'error'): Rule<Claimed> =>
  ({ code, severity, term, en, es, source: SOURCE, check });

export const CLAIM_RULES: readonly Rule<Claimed>[] = [
  rule('FOLIO-CLAIM-UUID', 'uuid', 'The fiscal folio is not the claimed one.', 'El folio fiscal no es el declarado.', checkUuid),
  rule('FOLIO-CLAIM-UUID-ABSENT', 'uuid', 'A fiscal folio was claimed, but the document has no stamp that confirms it.',
    'Se declaró un folio fiscal, pero el documento no tiene timbre que lo confirme.', checkUuidPresent, 'warning'),
  rule('FOLIO-CLAIM-ISSUER', 'issuer', 'The issuer is not the claimed one.', 'El emisor no es el declarado.', checkParty('issuer')),
  rule('FOLIO-CLAIM-RECEIVER', 'receiver', 'The receiver is not the claimed one.', 'El receptor no es el declarado.', checkParty('receiver')),
  rule('FOLIO-CLAIM-AMOUNT', 'amount', 'The total is not the claimed one.', 'El total no es el declarado.', checkAmount),
  rule('FOLIO-CLAIM-CURRENCY', 'currency', 'The currency is not the claimed one.', 'La moneda no es la declarada.', checkCurrency),
  rule('FOLIO-CLAIM-DATE', 'issuanceDate', 'The issue date is not the claimed one.', 'La fecha de emisión no es la declarada.', checkDate),
];
