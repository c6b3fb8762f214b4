import { replaced } from '../given.js';
import type { Edit, Mutation } from '../mutation.js';
import { PEPPOL, PEPPOL_CREDIT, PEPPOL_UBL } from './peppol.js';
import { bothMutationsOf, type BothCase } from './cases.js';
import { specOf, ublOf } from './builder.js';
import { XRECHNUNG_CASES, XRECHNUNG_UBL } from './xrechnung.js';

const edited = (right: string, edits: readonly Edit[]): string => edits.reduce((text, [from, to]) => replaced(text, from, to), right);
const before = (place: string, text: string): Edit => [place, `${text}${place}`];
type Row = readonly [code: string, title: string, edits: Edit | readonly Edit[], ...companions: readonly string[]];
const isOne = (edits: Edit | readonly Edit[]): edits is Edit => typeof edits[0] === 'string' || edits[0] instanceof RegExp;
const casesOf = (rows: readonly Row[]): BothCase[] => rows.map(([code, title, edits, ...companions]) => [title, isOne(edits) ? [edits] : edits, undefined, [code, ...companions]]);
const mutationsOf = (nation: string, right: string, rows: readonly Row[]): Mutation[] => bothMutationsOf(`a ${nation} invoice`, { ubl: right }, casesOf(rows));

/** Changes inside of the seller or of the buyer. */
const SELLER = '(<cac:AccountingSupplierParty>.*?)';
const BUYER = '(<cac:AccountingCustomerParty>.*?)';
const in_ = (party: string, from: string, to: string): Edit => [new RegExp(`${party}${from}`, 'u'), `$1${to}`];
const country = (party: string, code: string): Edit => in_(party, '<cbc:IdentificationCode>[A-Z]{2}<', `<cbc:IdentificationCode>${code}<`);
const vatId = (party: string, id: string): Edit => in_(party, '<cac:PartyTaxScheme><cbc:CompanyID>[^<]*<', `<cac:PartyTaxScheme><cbc:CompanyID>${id}<`);
const legalId = (party: string, id: string, scheme: string): Edit => in_(party, '<cbc:CompanyID>HRB-[^<]*<', `<cbc:CompanyID schemeID="${scheme}">${id}<`);
const endpoint = (party: string, id: string, scheme: string): Edit => in_(party, '<cbc:EndpointID[^>]*>[^<]*<', `<cbc:EndpointID schemeID="${scheme}">${id}<`);
const without = (party: string, element: string): Edit => in_(party, `<${element}[^>]*>[^<]*</${element}>`, '');
const registration = (id: string): Edit => [/(<cac:AccountingSupplierParty>.*?<\/cac:PartyTaxScheme>)/u, `$1<cac:PartyTaxScheme><cbc:CompanyID>${id}</cbc:CompanyID><cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`];
interface Means { readonly code: string; readonly id?: string; readonly account?: string; readonly bank?: string; readonly mandate?: string }
const means = ({ code, id = '', account, bank, mandate = '' }: Means): Edit => [/<cac:PaymentMeans>.*<\/cac:PaymentMeans>/u, `<cac:PaymentMeans><cbc:PaymentMeansCode>${code}</cbc:PaymentMeansCode>${id && `<cbc:PaymentID>${id}</cbc:PaymentID>`}`
  + `${account === undefined ? '' : `<cac:PayeeFinancialAccount><cbc:ID>${account}</cbc:ID>${bank === undefined ? '' : `<cac:FinancialInstitutionBranch><cbc:ID>${bank}</cbc:ID></cac:FinancialInstitutionBranch>`}</cac:PayeeFinancialAccount>`}${mandate}</cac:PaymentMeans>`];
const document = (id: string, description: string, uri = ''): string => `<cac:AdditionalDocumentReference><cbc:ID>${id}</cbc:ID><cbc:DocumentDescription>${description}</cbc:DocumentDescription>${uri && `<cac:Attachment><cac:ExternalReference><cbc:URI>${uri}</cbc:URI></cac:ExternalReference></cac:Attachment>`}</cac:AdditionalDocumentReference>`;
const DOCUMENT = '<cac:AdditionalDocumentReference>';

const NORWAY = edited(PEPPOL_UBL, [country(SELLER, 'NO'), vatId(SELLER, 'NO974760673MVA'), registration('Foretaksregisteret')]);
const NORWEGIAN: readonly Row[] = [
  ['NO-R-001', 'an organisation number that does not fit', ['NO974760673MVA', 'NO974760674MVA']],
  ['NO-R-002', 'no word of the register', ['Foretaksregisteret', 'Brreg']],
];

const DANISH_EDITS = [country(SELLER, 'DK'), vatId(SELLER, 'DK12345674'), legalId(SELLER, 'DK12345674', '0184'), country(BUYER, 'DK'), vatId(BUYER, 'DK12345674'), legalId(BUYER, 'DK12345674', '0184'), ['<cbc:ID>S1<', '<cbc:ID schemeID="0060">S1<'], ['<cbc:ID>B1<', '<cbc:ID schemeID="0060">B1<']] as const;
const DENMARK = edited(PEPPOL_UBL, DANISH_EDITS);
const DANISH: readonly Row[] = [
  ['DK-R-002', 'no CVR number', [/<cbc:CompanyID schemeID="0184">[^<]*<\/cbc:CompanyID>/u, '']],
  ['DK-R-003', 'an old version of UNSPSC', [/listID="STI"/u, 'listID="TST" listVersionID="18.0"']],
  ['DK-R-004', 'a tax in words', before('<cbc:AllowanceChargeReason>Fracht<', '<cbc:AllowanceChargeReasonCode>ZZZ</cbc:AllowanceChargeReasonCode>')],
  ['DK-R-005', 'another means of payment', means({ code: '57', account: 'DE89370400440532013000' })],
  ['DK-R-006', 'no bank of the account', means({ code: '42', account: '12345678' })],
  ['DK-R-007', 'no debited account', means({ code: '49', mandate: '<cac:PaymentMandate><cbc:ID>M-1</cbc:ID></cac:PaymentMandate>' })],
  ['DK-R-008', 'another kind of card', means({ code: '50', id: '71#', account: '1234567' })],
  ['DK-R-009', 'a short instruction', means({ code: '50', id: '04#123', account: '1234567' })],
  ['DK-R-010', 'a short creditor number', means({ code: '93', id: '73#', account: '1234567' })],
  ['DK-R-011', 'a short instruction of 71#', means({ code: '93', id: '71#123', account: '12345678' })],
  ['DK-R-013', 'an identifier without scheme', ['<cbc:ID schemeID="0060">B1<', '<cbc:ID>B1<']],
  ['DK-R-014', 'another scheme of the legal registration', ['<cbc:CompanyID schemeID="0184">', '<cbc:CompanyID schemeID="0060">']],
  ['DK-R-017', 'another scheme of the legal registration of the customer', in_(BUYER, 'schemeID="0184"', 'schemeID="0060"')],
];
const negative = [/(<cbc:PayableAmount [^>]*>)/u, '$1-'] as const;
const DANISH_CREDIT: readonly Row[] = [['DK-R-016', 'a negative total', negative, 'BR-CO-16']];

const ITALY = edited(PEPPOL_UBL, [country(SELLER, 'IT'), vatId(SELLER, 'IT12345670785'), registration('RSSMRA80A01H501U')]);
const ITALIAN: readonly Row[] = [
  ['IT-R-001', 'a short tax registration', ['RSSMRA80A01H501U', 'RSSMRA']],
  ['IT-R-002', 'no street', without(SELLER, 'cbc:StreetName')],
  ['IT-R-003', 'no city', without(SELLER, 'cbc:CityName')],
  ['IT-R-004', 'no post code', without(SELLER, 'cbc:PostalZone')],
];

const SWEDISH_RIGHT = ublOf({ ...specOf('S', { specification: PEPPOL }), rate: '25' });
const SWEDEN = edited(SWEDISH_RIGHT, [country(SELLER, 'SE'), vatId(SELLER, 'SE556036079301'), legalId(SELLER, '5560360793', '0007'), country(BUYER, 'SE'), registration('Godkänd för F-skatt')]);
const SWEDISH: readonly Row[] = [
  ['SE-R-001', 'a short VAT number', ['SE556036079301', 'SE5560360793'], 'FOLIO-EN-VAT-ID'],
  ['SE-R-002', 'a VAT number with a letter', ['SE556036079301', 'SE55603607930X'], 'FOLIO-EN-VAT-ID'],
  ['SE-R-003', 'an organisation number with a letter', ['>5560360793<', '>556036079X<'], 'SE-R-013', 'PEPPOL-COMMON-R049'],
  ['SE-R-004', 'a long organisation number', ['>5560360793<', '>55603607930<'], 'PEPPOL-COMMON-R049'],
  ['SE-R-005', 'another tax registration', ['Godkänd för F-skatt', 'F-skatt']],
  ['SE-R-007', 'an account of Plusgiro in letters', means({ code: '30', account: '12-34', bank: 'SE:PLUSGIRO' })],
  ['SE-R-008', 'an account of Bankgiro in letters', means({ code: '30', account: '123-456', bank: 'SE:BANKGIRO' })],
  ['SE-R-009', 'a short account of Bankgiro', means({ code: '30', account: '123456', bank: 'SE:BANKGIRO' })],
  ['SE-R-010', 'a long account of Plusgiro', means({ code: '30', account: '123456789', bank: 'SE:PLUSGIRO' })],
  ['SE-R-011', 'Bankgiro by another code', means({ code: '56', account: '1234567' })],
  ['SE-R-012', 'a transfer by another code', means({ code: '31', account: '1234567' })],
  ['SE-R-013', 'an organisation number that does not fit', ['>5560360793<', '>5560360794<'], 'PEPPOL-COMMON-R049'],
];
const SWEDISH_RATE = edited(PEPPOL_UBL, [country(SELLER, 'SE'), vatId(SELLER, 'SE556036079301'), legalId(SELLER, '5560360793', '0007')]);

const NUMBER = '094259216|14/03/2026|1|1.1|A|7';
const GREECE = edited(PEPPOL_UBL, [
  ['<cbc:ID>R-1<', `<cbc:ID>${NUMBER}<`], country(SELLER, 'GR'), vatId(SELLER, 'EL094259216'), endpoint(SELLER, '094259216', '9933'), country(BUYER, 'GR'), vatId(BUYER, 'EL094259216'), endpoint(BUYER, '094259216', '9933'),
  before(DOCUMENT, document('400001', '##M.AR.K##') + document('U-1', '##INVOICE|URL##', 'https://example.org/1')),
]);
const number = (from: string, to: string): Edit => [NUMBER, NUMBER.replace(from, to)];
const GREEK: readonly Row[] = [
  ['GR-R-001-1', 'a number of seven parts', number('|A|7', '|A|7|8')],
  ['GR-R-001-2', 'another tax number', number('094259216', '094259217')],
  ['GR-R-001-3', 'another day in its number', number('14/03/2026', '15/03/2026')],
  ['GR-R-001-4', 'a part that is no integer', number('|1|', '|X|')],
  ['GR-R-001-5', 'a type that is none', number('|1.1|', '|9.9|')],
  ['GR-R-001-6', 'an empty fifth part', number('|A|', '||')],
  ['GR-R-001-7', 'an empty sixth part', number('|A|7', '|A|')],
  ['GR-R-002', 'no registered name', in_(SELLER, '<cac:PartyName>.*?</cac:PartyName>', '')],
  ['GR-R-003', 'a VAT number that does not fit', vatId(SELLER, 'EL094259217'), 'GR-S-011', 'GR-R-001-2'],
  ['GR-R-004-1', 'no MARK', ['>##M.AR.K##<', '>Mark<']],
  ['GR-R-004-2', 'a MARK that is none', ['>400001<', '>M-1<']],
  ['GR-R-005', 'no name of the buyer', in_(BUYER, '<cac:PartyName>.*?</cac:PartyName>', '')],
  ['GR-R-006', 'a VAT number of the buyer that does not fit', vatId(BUYER, 'EL094259217')],
  ['GR-S-008-1', 'no URL', ['>##INVOICE|URL##<', '>URL<']],
  ['GR-R-008-2', 'two URLs', before(DOCUMENT, document('U-2', '##INVOICE|URL##', 'https://example.org/2')), 'GR-S-008-1'],
  ['GR-R-008-3', 'a URL without location', [/<cac:Attachment><cac:ExternalReference>.*?<\/cac:Attachment>/u, '']],
  ['GR-R-009', 'another electronic address', endpoint(SELLER, '4012345000009', '0088')],
  ['GR-R-010', 'another electronic address of the buyer', endpoint(BUYER, '4012345000009', '0088')],
  ['GR-S-011', 'no VAT number', [in_(SELLER, '<cac:PartyTaxScheme>.*?</cac:PartyTaxScheme>', ''), ['FR12345678901', 'EL094259216']]],
];

const ICELAND = edited(PEPPOL_UBL, [country(SELLER, 'IS'), vatId(SELLER, 'IS12345'), legalId(SELLER, '5501691829', '0196'), country(BUYER, 'IS'), legalId(BUYER, '5501691829', '0196'), before(DOCUMENT, document('2026-04-30', 'EINDAGI'))]);
const ICELANDIC: readonly Row[] = [
  ['IS-R-001', 'another type', ['>380</cbc:InvoiceTypeCode>', '>383</cbc:InvoiceTypeCode>']],
  ['IS-R-002', 'no kennitala', in_(SELLER, '<cbc:CompanyID schemeID="0196">', '<cbc:CompanyID schemeID="0060">')],
  ['IS-R-003', 'no street', without(SELLER, 'cbc:StreetName')],
  ['IS-R-004', 'no kennitala of the buyer', in_(BUYER, '<cbc:CompanyID schemeID="0196">', '<cbc:CompanyID schemeID="0060">')],
  ['IS-R-005', 'no street of the buyer', without(BUYER, 'cbc:StreetName')],
  ['IS-R-006', 'a short account of a claim', means({ code: '9', account: '123' })],
  ['IS-R-007', 'a short account of a transfer', means({ code: '42', account: '123' })],
  ['IS-R-008', 'a last day in words', ['>2026-04-30<', '>Mai 2026<']],
  ['IS-R-009', 'a last day and no due date', [/<cbc:DueDate>.*?<\/cbc:DueDate>/u, ''], 'IS-R-010'],
  ['IS-R-010', 'a last day before the due date', ['>2026-04-30<', '>2026-04-01<']],
];

const DUTCH_EDITS = [country(SELLER, 'NL'), vatId(SELLER, 'NL123456789B01'), legalId(SELLER, '12345678', '0106'), country(BUYER, 'NL'), legalId(BUYER, '12345678', '0106'), ['<cbc:IdentificationCode>FR<', '<cbc:IdentificationCode>NL<']] as const;
const NETHERLANDS = edited(PEPPOL_UBL, DUTCH_EDITS);
const REPRESENTATIVE = '(<cac:TaxRepresentativeParty>.*?)';
const DUTCH: readonly Row[] = [
  ['NL-R-002', 'no street', without(SELLER, 'cbc:StreetName')],
  ['NL-R-003', 'another scheme of registration', in_(SELLER, 'schemeID="0106"', 'schemeID="0060"')],
  ['NL-R-004', 'no street of the customer', without(BUYER, 'cbc:StreetName')],
  ['NL-R-005', 'another scheme of registration of the customer', in_(BUYER, 'schemeID="0106"', 'schemeID="0060"')],
  ['NL-R-006', 'no street of the representative', without(REPRESENTATIVE, 'cbc:StreetName')],
  ['NL-R-007', 'no means of payment', [/<cac:PaymentMeans>.*<\/cac:PaymentMeans>/u, '']],
  ['NL-R-008', 'another means of payment', means({ code: '42', account: 'DE89370400440532013000' })],
  ['NL-R-009', 'a line of an unknown order', [/(<cac:InvoiceLine>.*?<\/cac:InvoicePeriod>)/u, '$1<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference>']],
];
const DUTCH_CREDIT: readonly Row[] = [['NL-R-001', 'no invoice', [/<cac:BillingReference>.*<\/cac:BillingReference>/u, '']]];

/** Between German parties Peppol asks what XRechnung asks; its rules have other ids. */
const GERMANY = edited(XRECHNUNG_UBL, [['urn:xeinkauf.de:kosit:xrechnung_3.0<', 'urn:fdc:peppol.eu:2017:poacc:billing:3.0<'], country(BUYER, 'DE')]);
const germanCode = (code: string): readonly string[] => {
  const [, digits, part] = /^BR-DE-(\d+)(?:-([ab]))?$/u.exec(code) ?? [];
  if (digits === undefined) return code.startsWith('BR-DE') ? [] : [code];
  return [`DE-R-${digits.padStart(3, '0')}${part === undefined ? '' : part === 'a' ? '-1' : '-2'}`];
};
/** What Peppol tells besides. */
const GERMAN_COMPANIONS: Readonly<Record<string, readonly string[]>> = { 'BR-DE-15': ['PEPPOL-EN16931-R003'] };
const GERMAN_CASES: readonly BothCase[] = XRECHNUNG_CASES.flatMap(([title, ubl, , codes]): BothCase[] => {
  const [code = ''] = codes;
  return /^BR-DE-(?!21$)\d/u.test(code) ? [[title, ubl, undefined, [...codes.flatMap(germanCode), ...(GERMAN_COMPANIONS[code] ?? [])]]] : [];
});

/** Right documents of every country that has rules of its own. */
export const NATIONAL_RIGHT: Readonly<Record<string, string>> = {
  Norwegian: NORWAY, Danish: DENMARK, Italian: ITALY, Swedish: SWEDEN, Greek: GREECE, Icelandic: ICELAND, Dutch: NETHERLANDS, German: GERMANY, 'Danish credit note': edited(PEPPOL_CREDIT, DANISH_EDITS), 'Dutch credit note': edited(PEPPOL_CREDIT, DUTCH_EDITS),
};
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  Norwegian: NORWEGIAN, Danish: DANISH, Italian: ITALIAN, Swedish: SWEDISH, Greek: GREEK, Icelandic: ICELANDIC, Dutch: DUTCH, 'Danish credit note': DANISH_CREDIT, 'Dutch credit note': DUTCH_CREDIT,
};

export const NATIONAL_MUTATIONS: readonly Mutation[] = [
  ...Object.entries(ROWS).flatMap(([nation, rows]) => mutationsOf(nation, NATIONAL_RIGHT[nation] ?? '', rows)),
  ...bothMutationsOf('a German invoice', { ubl: GERMANY }, GERMAN_CASES),
  { title: 'a Swedish invoice of another rate of VAT', codes: ['SE-R-006'], text: () => SWEDISH_RATE },
];
