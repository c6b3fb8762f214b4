import type { EnDocument, EnParty } from '../../models/en16931.js';
import type { StructureTable } from './structure/table.js';
import { CII_STRUCTURE } from './structure/cii.js';
import { UBL_STRUCTURE } from './structure/ubl.js';
import { eachOfDocument, eachOfLines } from './allowances.js';
import { ABSENT, type Report, type RuleText } from '../rule.js';
import { as, onlyIn, pathOf, rule, type Check, type EnRule } from './rule.js';
import type { EnView } from './view.js';

const SOURCES = { ubl: 'CEN/TS 16931-3-2, UBL syntax binding; CEN validation artefacts 1.3.16', cii: 'CEN/TS 16931-3-3, CII syntax binding; CEN validation artefacts 1.3.16' };

const syntaxRule = (syntax: EnDocument['syntax'], code: string, term: string, en: string, es: string, check: Check): EnRule =>
  onlyIn(syntax, { ...rule(code, term, en, es, check), source: SOURCES[syntax] });
const ubl = (code: string, term: string, en: string, es: string, check: Check): EnRule => syntaxRule('ubl', code, term, en, es, check);
const cii = (code: string, term: string, en: string, es: string, check: Check): EnRule => syntaxRule('cii', code, term, en, es, check);

const distinct = (values: Iterable<string | undefined>): string[] => {
  const found = new Set<string>();
  for (const value of values) if (value !== undefined) found.add(value);
  return [...found];
};
const oneOf = (code: string, term: string, en: string, es: string, values: (document: EnDocument) => Iterable<string | undefined>): EnRule =>
  ubl(code, term, en, es, ({ document }, report) => {
    const found = distinct(values(document));
    if (found.length > 1) report(pathOf(document, term), 'one value', found.join(', '));
  });

const registrations = (party: EnParty, vat: boolean): number => party.registrations.filter((row) => row.vat === vat && row.id !== undefined && row.scheme !== undefined).length;
const atMostOne = (code: string, term: string, en: string, es: string, count: (document: EnDocument) => number): EnRule =>
  ubl(code, term, en, es, ({ document }, report) => {
    if (count(document) > 1) report(pathOf(document, term), 'at most one', `${count(document)}`);
  });

/** The payee must be another than the seller; a payee without a name breaks these too. */
const payee = (code: string, term: string, en: string, es: string, count: (payee: EnParty) => number): EnRule =>
  ubl(code, term, en, es, ({ document }, report) => {
    const { payee: other, seller } = document;
    if (!other) return;
    if (count(other) > 1) report(pathOf(document, term), 'at most one', `${count(other)}`);
    else if (other.tradingName === undefined || seller.name === undefined || other.tradingName === seller.name) report(pathOf(document, 'BT-59'), 'another name than the seller', other.tradingName ?? ABSENT);
  });

function checkRegistrations({ document }: EnView, report: Report): void {
  for (const [term, party] of [['BT-31', document.seller], ['BT-48', document.buyer], ['BT-63', document.representative]] as const) {
    for (const [index, { id, scheme }] of party?.registrations.entries() ?? []) {
      if (id === undefined || scheme === undefined) report(pathOf(document, term, index), 'an identifier and its scheme', ABSENT, term);
    }
  }
}

const [OBJECT, PROJECT, ADDITIONAL] = ['130', '50', '916'];

const eachReference = (check: (reference: EnDocument['references'][number], view: EnView) => string | undefined, term: string, expected: string) => (view: EnView, report: Report): void => {
  for (const [index, reference] of view.document.references.entries()) {
    const found = check(reference, view);
    if (found !== undefined) report(() => pathOf(view.document, term, index), expected, found);
  }
};

/** An allowance (or a charge) of document or line with more than one reason. */
const oneReason = (code: string, charge: boolean, name: string, nombre: string): EnRule =>
  ubl(code, charge ? 'BT-104' : 'BT-97', `A ${name} may have one reason.`, `Un ${nombre} puede tener un solo motivo.`, ({ document }, report) => {
    for (const each of [eachOfDocument, eachOfLines]) {
      each(document, charge, ({ reasons }, path) => {
        if (reasons > 1) report(() => path(each === eachOfLines ? (charge ? 'BT-144' : 'BT-139') : (charge ? 'BT-104' : 'BT-97')), 'at most one', `${reasons}`);
      });
    }
  });

const UBL_RULES: readonly EnRule[] = [
  oneReason('UBL-SR-30', false, 'allowance', 'descuento'),
  oneReason('UBL-SR-31', true, 'charge', 'cargo'),
  atMostOne('UBL-SR-04', 'BT-18', 'There may be one invoiced object.', 'Puede haber un solo objeto facturado.', ({ references }) => references.filter(({ typeCode }) => typeCode === OBJECT).length),
  atMostOne('UBL-SR-12', 'BT-31', 'The seller may have one VAT identifier.', 'El vendedor puede tener un solo NIF-IVA.', ({ seller }) => registrations(seller, true)),
  atMostOne('UBL-SR-13', 'BT-32', 'The seller may have one tax registration.', 'El vendedor puede tener un solo registro fiscal.', ({ seller }) => registrations(seller, false)),
  atMostOne('UBL-SR-18', 'BT-48', 'The buyer may have one VAT identifier.', 'El comprador puede tener un solo NIF-IVA.', ({ buyer }) => registrations(buyer, true)),
  payee('UBL-SR-19', 'BT-59', 'A payee has one name, another than the seller.', 'El beneficiario tiene un nombre, distinto del vendedor.', () => 1),
  payee('UBL-SR-20', 'BT-60', 'A payee has at most one identifier.', 'El beneficiario tiene como máximo un identificador.', ({ identifiers }) => identifiers.filter(({ scheme }) => scheme !== undefined && scheme.toUpperCase() !== 'SEPA').length),
  payee('UBL-SR-21', 'BT-61', 'A payee has at most one legal registration.', 'El beneficiario tiene como máximo un registro legal.', () => 1),
  atMostOne('UBL-SR-29', 'BT-90', 'There may be one bank assigned creditor identifier.', 'Puede haber un solo identificador bancario de acreedor.',
    ({ seller, buyer, payee: other }) => [seller, buyer, other].flatMap((party) => party?.identifiers ?? []).filter(({ scheme }) => scheme?.toUpperCase() === 'SEPA').length),
  ubl('UBL-SR-43', 'BT-18', 'Only an invoiced object or a project may have a type code or a scheme.', 'Solo un objeto facturado o un proyecto puede tener código de tipo o esquema.',
    eachReference(({ typeCode, id }, { document: { root } }) => {
      const allowed = typeCode === OBJECT || (root === 'CreditNote' && typeCode === PROJECT) || (typeCode === undefined && id?.scheme === undefined);
      return allowed ? undefined : typeCode ?? id?.scheme;
    }, 'BT-122', 'no type code and no scheme')),
  oneOf('UBL-SR-44', 'BT-83', 'All means of payment must give the same remittance information.', 'Todos los medios de pago deben indicar la misma referencia.', function* ({ payments }) {
    for (const { paymentId } of payments) yield paymentId;
  }),
  oneOf('UBL-SR-47', 'BT-81', 'All means of payment must have the same code.', 'Todos los medios de pago deben tener el mismo código.', function* ({ payments }) {
    for (const { code } of payments) yield code;
  }),
  ubl('UBL-SR-53', 'BT-31', 'A tax registration must have an identifier and a scheme.', 'Un registro fiscal debe tener identificador y esquema.', checkRegistrations),
  ubl('UBL-DT-06', 'BT-125-1', 'An attachment must name its media type.', 'Un adjunto debe indicar su tipo de medio.', eachReference(({ attached, mime }) => (attached && mime === undefined ? ABSENT : undefined), 'BT-125-1', 'a media type')),
  ubl('UBL-DT-07', 'BT-125-2', 'An attachment must have a file name.', 'Un adjunto debe tener nombre de archivo.', eachReference(({ attached, filename }) => (attached && filename === undefined ? ABSENT : undefined), 'BT-125-2', 'a file name')),
  as('warning', ubl('UBL-CR-002', 'UBL-Version', 'The version of UBL, where it is named, should be 2.1.', 'La versión de UBL, si se indica, debería ser 2.1.', ({ document }, report) => {
    if (document.version !== undefined && document.version !== '2.1') report(pathOf(document, 'UBL-Version'), '2.1', document.version);
  })),
  as('warning', ubl('UBL-CR-665', 'BT-122', 'Only an invoiced object should have a scheme.', 'Solo un objeto facturado debería tener esquema.',
    eachReference(({ typeCode, id }) => (typeCode !== OBJECT ? id?.scheme : undefined), 'BT-122', 'no scheme'))),
  ubl('UBL-CR-666', 'BT-125', 'An invoiced object must have no attachment.', 'Un objeto facturado no debe tener adjunto.',
    eachReference(({ typeCode, attached, external }) => (typeCode === OBJECT && (attached || external) ? 'an attachment' : undefined), 'BT-125', ABSENT)),
  ubl('UBL-CR-673', 'BT-123', 'An invoiced object must have no description.', 'Un objeto facturado no debe tener descripción.',
    eachReference(({ typeCode, description }) => (typeCode === OBJECT && description ? 'a description' : undefined), 'BT-123', ABSENT)),
];

const TYPES: ReadonlySet<string | undefined> = new Set([OBJECT, PROJECT, ADDITIONAL]);

const CII_RULES: readonly EnRule[] = [
  cii('CII-DT-097', 'BT-2', 'A date of format 102 must be written YYYYMMDD.', 'Una fecha de formato 102 debe escribirse AAAAMMDD.', ({ document }, report) => {
    for (const date of document.structure.dates) report(pathOf(document, 'BT-2'), 'YYYYMMDD', date);
  }),
  cii('CII-DT-037', 'BG-23', 'The type of a trade tax must be VAT.', 'El tipo de impuesto debe ser VAT.', ({ document }, report) => {
    const categories = [...document.vat, ...document.lines.flatMap((line) => line.categories), ...document.allowances.map((row) => row.category)];
    const other = categories.find((category) => category?.scheme !== undefined && category.scheme !== 'VAT');
    if (other) report(pathOf(document, 'BG-23'), 'VAT', other.scheme ?? ABSENT);
  }),
  cii('CII-DT-015', 'BT-124', 'Only an additional document may have a location.', 'Solo un documento adicional puede tener ubicación.', eachReference(({ typeCode, external, uri }) => (external && typeCode !== ADDITIONAL ? uri ?? 'a location' : undefined), 'BT-124', ABSENT)),
  cii('CII-DT-018', 'BT-122', 'The type of a referenced document must be 50, 130 or 916.', 'El tipo de un documento referido debe ser 50, 130 o 916.',
    eachReference(({ typeCode }) => (typeCode !== undefined && !TYPES.has(typeCode) ? typeCode : undefined), 'BT-122', '50, 130 or 916')),
  cii('CII-DT-021', 'BT-123', 'Only an additional document may have a name.', 'Solo un documento adicional puede tener nombre.', eachReference(({ typeCode, description }) => (description && typeCode !== ADDITIONAL ? 'a name' : undefined), 'BT-123', ABSENT)),
  cii('CII-DT-022', 'BT-125', 'Only an additional document may have an attachment.', 'Solo un documento adicional puede tener adjunto.', eachReference(({ typeCode, attached }) => (attached && typeCode !== ADDITIONAL ? 'an attachment' : undefined), 'BT-125', ABSENT)),
  cii('CII-DT-024', 'BT-18', 'Only an invoiced object may have a scheme.', 'Solo un objeto facturado puede tener esquema.', eachReference(({ typeCode, id }) => (typeCode !== OBJECT ? id?.scheme : undefined), 'BT-18', ABSENT)),
  cii('CII-SR-046', 'BT-157-1', 'A standard identifier of an item must name its scheme.', 'Un identificador estándar de artículo debe indicar su esquema.', ({ document }, report) => {
    for (const [index, { standardId }] of document.lines.entries()) if (standardId && standardId.scheme === undefined) report(() => pathOf(document, 'BT-157-1', index), 'a scheme', ABSENT);
  }),
  cii('CII-SR-467', 'BT-81', 'All means of payment must have the same code.', 'Todos los medios de pago deben tener el mismo código.', ({ document }, report) => {
    const found = distinct(document.payments.map(({ code }) => code));
    if (found.length > 1) report(pathOf(document, 'BT-81'), 'one value', found.join(', '));
  }),
  cii('CII-SR-462', 'BT-8', 'All VAT breakdowns must have the same tax point code.', 'Todos los desgloses de IVA deben tener el mismo código de devengo.', ({ document }, report) => {
    const found = distinct(document.vat.map((row) => row.taxPointCode));
    if (found.length > 1) report(pathOf(document, 'BT-8'), 'one value', found.join(', '));
  }),
  ...([['457', PROJECT], ['458', OBJECT]] as const).map(([code, type]) => as('warning', cii(`CII-SR-${code}`, 'BT-122', `There should be one document of type ${type}.`, `Debería haber un solo documento de tipo ${type}.`, ({ document }, report) => {
    const count = document.references.filter(({ typeCode }) => typeCode === type).length;
    if (count > 1) report(pathOf(document, 'BT-122'), 'at most one', `${count}`);
  }))),
  ...([['450', 'BT-46', 'buyer'], ['451', 'BT-60', 'payee']] as const).map(([code, term, who]) => as('warning', cii(`CII-SR-${code}`, term, 'A party should have an identifier with a scheme or one without, not both.',
    'Una parte debería tener un identificador con esquema o uno sin él, no ambos.', ({ document }, report) => {
      const schemes = new Set(document[who]?.identifiers.map(({ scheme }) => scheme !== undefined));
      if (schemes.size > 1) report(pathOf(document, term), 'one of both', 'both');
    }))),
  as('warning', cii('CII-SR-449', 'BT-71', 'A delivery location should have an identifier with a scheme or one without, not both.', 'Un lugar de entrega debería tener un identificador con esquema o uno sin él, no ambos.', ({ document }, report) => {
    if (document.delivery?.hasGlobalId && document.delivery.hasPlainId) report(pathOf(document, 'BT-71'), 'one of both', 'both');
  })),
  as('warning', cii('CII-SR-119', 'BT-147', 'A discount of a price should be an allowance with its amount.', 'Un descuento del precio debería ser un descuento con su importe.', ({ document }, report) => {
    for (const [index, { price }] of document.lines.entries()) {
      const isAllowance = price?.indicator === 'false' || price?.indicator === '0';
      const right = price?.indicator === undefined ? price?.discount === undefined : isAllowance && price.discount !== undefined;
      if (!right) report(() => pathOf(document, 'BT-147', index), 'the indicator false and an amount', price?.indicator ?? ABSENT);
    }
  })),
  cii('CII-DT-033', 'BT-150', 'A base quantity may name its unit only where a line names that of what is invoiced.', 'Una cantidad base solo puede indicar su unidad si alguna línea indica la de lo facturado.', ({ document }, report) => {
    if (document.lines.some(({ unit }) => unit !== undefined)) return;
    for (const [index, { price }] of document.lines.entries()) {
      const found = price?.unit ?? price?.grossUnit;
      if (found !== undefined) report(() => pathOf(document, 'BT-150', index), ABSENT, found);
    }
  }),
  ...([['465', 'BG-6', 'seller'], ['466', 'BG-9', 'buyer']] as const).map(([code, term, who]) => as('warning', cii(`CII-SR-${code}`, term, 'A contact should have a person or a department, not both.',
    'Un contacto debería tener persona o departamento, no ambos.', ({ document }, report) => {
      const { contact } = document[who];
      if (contact?.name !== undefined && contact.department !== undefined) report(pathOf(document, term), 'one of both', 'both');
    }))),
];

export const SYNTAX_RULES: readonly EnRule[] = [...UBL_RULES, ...CII_RULES];

/** The end of a path, for a sentence; the whole of it is the rule's term. */
const shortOf = (path: string): string => path.split('|').at(-1)?.split('/').slice(-2).join('/') ?? path;

/** What a structure table says, as texts of rules. */
const textsOf = (table: StructureTable, source: string): readonly RuleText[] => table.rules.map(({ code, severity, path, most }) => ({
  code,
  severity,
  term: path,
  en: most === 0 ? `EN 16931 does not use ${shortOf(path)} here.` : `${shortOf(path)} does not occur as often as EN 16931 asks.`,
  es: most === 0 ? `EN 16931 no usa ${shortOf(path)} aquí.` : `${shortOf(path)} no aparece tantas veces como exige EN 16931.`,
  source,
}));
export const STRUCTURE_TEXTS = { ubl: textsOf(UBL_STRUCTURE, SOURCES.ubl), cii: textsOf(CII_STRUCTURE, SOURCES.cii) };
export const STRUCTURE_TABLES = { ubl: UBL_STRUCTURE, cii: CII_STRUCTURE };
