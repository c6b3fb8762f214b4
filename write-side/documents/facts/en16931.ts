import { MAX_TAX_LINES, type Facts, type Format, type Party, type TaxLine } from '#contracts/invoice/facts.js';
import type { IdentityClaim } from '#contracts/invoice/identity.js';
import { decimalOf } from '../amounts.js';
import { dayOf } from '../dates.js';
import type { EnDocument, EnLine, EnParty, VatRow } from '../models/en16931.js';
import { clip, compact, optionalText } from '../text.js';
import { distinctDescriptions } from './descriptions.js';

export const enFormat = (document: EnDocument): Format => (document.syntax === 'ubl' ? 'ubl-2.1' : 'cii');

const MAX_IDS = 16;

/** BT-31 / BT-48 / BT-63: the first id whose scheme is VAT. */
export const vatIdOf = (party: EnParty): string | undefined => party.registrations.find((row) => row.vat && row.id)?.id;
/** BT-32. */
const taxIdOf = (party: EnParty): string | undefined => party.registrations.find((row) => !row.vat && row.id)?.id;

/** Every id a party goes by, the most official one first. */
export const partyIds = (party: EnParty): string[] =>
  [vatIdOf(party), party.legalId?.text, ...party.identifiers.slice(0, MAX_IDS).map((id) => id.text), taxIdOf(party)].filter((id): id is string => id !== undefined && id !== '');

const partyFacts = (party: EnParty): Party =>
  compact({ id: optionalText(partyIds(party)[0], 64), name: optionalText(party.name ?? party.tradingName, 512) });

const taxLine = (row: VatRow): TaxLine => compact({
  tax: clip(row.scheme ?? 'VAT', 16),
  kind: 'transferred',
  factor: optionalText(row.code, 16),
  rate: decimalOf(row.rate),
  base: decimalOf(row.base),
  amount: decimalOf(row.amount),
});

function* names(lines: readonly EnLine[]): Iterable<string | undefined> {
  for (const line of lines) yield line.name;
}

/**
 * What an EN 16931 document says. `subtotal` is the total without VAT (BT-109), `total` the total with VAT (BT-112); `discount` (BT-107) is
 * already taken off the subtotal.
 */
export function enFacts(document: EnDocument): Facts {
  const { totals } = document;
  return compact({
    format: enFormat(document),
    documentType: optionalText(document.typeCode, 16),
    number: optionalText(document.number, 128),
    issuer: partyFacts(document.seller),
    receiver: partyFacts(document.buyer),
    dates: compact({
      issued: optionalText(document.issueDate, 40),
      due: optionalText(document.dueDate, 40),
      taxPoint: optionalText(document.taxPointDate, 40),
    }),
    issuanceDay: dayOf(document.issueDate),
    currency: optionalText(document.currency, 8),
    subtotal: decimalOf(totals['BT-109']),
    discount: decimalOf(totals['BT-107']),
    total: decimalOf(totals['BT-112']),
    taxes: document.vat.slice(0, MAX_TAX_LINES).map(taxLine),
    lineCount: document.lines.length,
    ...distinctDescriptions(names(document.lines)),
  });
}

export function enIdentity(document: EnDocument): IdentityClaim {
  return compact({
    format: enFormat(document),
    sellerId: optionalText(vatIdOf(document.seller) ?? (document.seller.legalId?.text || undefined), 64),
    number: optionalText(document.number, 128),
    documentType: optionalText(document.typeCode, 16),
    issued: optionalText(document.issueDate, 40),
  });
}
