import { compareMoney, ZERO } from '#contracts/money.js';
import { amountOf } from '../../amounts.js';
import type { Attributes, CfdiDocument, Parte } from '../../models/cfdi.js';
import { ABSENT, type Report, type RuleContext } from '../rule.js';
import { isWithin, limitsText, productLimits } from './limits.js';
import { catalogued, checkCode, conceptoPath, currencyDecimals, dayOfIssue, hasForeignTrade, row, type CfdiRule } from './rule.js';

const partPath = (line: number, part: number): string => `${conceptoPath(line)}/Parte[${part + 1}]`;

function eachPart({ conceptos }: CfdiDocument, see: (part: Parte, path: () => string) => void): void {
  conceptos.forEach(({ parts }, line) => parts.forEach((part, index) => see(part, () => partPath(line, index))));
}

type Customs = readonly Attributes<'NumeroPedimento'>[];
type EachCustoms = (document: CfdiDocument, see: (customs: Customs, path: () => string) => void) => void;

const ofLines: EachCustoms = ({ conceptos }, see) => conceptos.forEach(({ customs }, line) => {
  if (customs.length > 0) see(customs, () => conceptoPath(line));
});
const ofParts: EachCustoms = (document, see) => eachPart(document, ({ customs }, path) => see(customs, path));

/** Two digits of the year, the customs office, the patent of the agent, seven digits; two spaces between. */
const PEDIMENTO = /^\d{2} {2}(\d{2}) {2}\d{4} {2}\d{7}$/u;

const checkNumber = (each: EachCustoms): CfdiRule['check'] => catalogued((document, report, { catalogues }) => {
  const day = dayOfIssue(document);
  each(document, (customs, path) => customs.forEach(({ NumeroPedimento: number }, index) => {
    if (number === undefined) return;
    const office = PEDIMENTO.exec(number)?.[1];
    if (office === undefined || !catalogues.has('c_Aduana', office, day)) {
      report(() => `${path()}/InformacionAduanera[${index + 1}]/@NumeroPedimento`, office === undefined ? 'aa  bb  cccc  ddddddd' : 'a customs office of c_Aduana', number);
    }
  }));
});

/** With foreign trade the goods leave the country: there is no import to name. */
const checkNoImport = (each: EachCustoms) => (document: CfdiDocument, report: Report): void => {
  if (!hasForeignTrade(document)) return;
  each(document, (customs, path) => customs.forEach(({ NumeroPedimento: number = '' }, index) =>
    report(() => `${path()}/InformacionAduanera[${index + 1}]/@NumeroPedimento`, ABSENT, number)));
};

const checkProduct: CfdiRule['check'] = (document, report, context) => {
  const day = dayOfIssue(document);
  eachPart(document, ({ attributes }, path) => checkCode('c_ClaveProdServ', attributes.ClaveProdServ, () => `${path()}/@ClaveProdServ`, day, report, context));
};

function checkUnitPrice(document: CfdiDocument, report: Report): void {
  eachPart(document, ({ attributes }, path) => {
    const price = amountOf(attributes.ValorUnitario);
    if (price !== undefined && compareMoney(price, ZERO) === 0) report(() => `${path()}/@ValorUnitario`, 'more than 0', price);
  });
}

function checkAmount(document: CfdiDocument, report: Report, context: RuleContext): void {
  const decimals = currencyDecimals(document, context);
  eachPart(document, ({ attributes: { Cantidad, ValorUnitario, Importe } }, path) => {
    const limits = Importe === undefined ? undefined : productLimits(Cantidad, ValorUnitario, decimals);
    if (limits && !isWithin(Importe, limits)) report(() => `${path()}/@Importe`, limitsText(limits), Importe ?? ABSENT);
  });
}

const NUMBER = 'El número de pedimento no tiene su forma, o su aduana no es del catálogo.';
const NUMBER_EN = 'The import declaration number does not have its form, or its customs office is not in the catalogue.';
const NO_IMPORT = 'Con el complemento de comercio exterior no debe existir el número de pedimento.';
const NO_IMPORT_EN = 'With the complement of foreign trade there must be no import declaration number.';

export const PART_RULES: readonly CfdiRule[] = [
  row('CFDI40194', 'NumeroPedimento', checkNumber(ofLines), NUMBER, NUMBER_EN),
  row('CFDI40195', 'NumeroPedimento', checkNoImport(ofLines), NO_IMPORT, NO_IMPORT_EN),
  row('CFDI40196', 'ClaveProdServ', catalogued(checkProduct), 'La clave de producto de la parte no es del catálogo.', 'The product code of the part is not in the catalogue.'),
  row('CFDI40197', 'ValorUnitario', checkUnitPrice, 'El valor unitario de la parte debe ser mayor que cero.', 'The unit price of the part must be greater than zero.'),
  row('CFDI40198', 'Importe', checkAmount, 'El importe de la parte no está entre los límites del producto de cantidad y valor unitario.', 'The amount of the part does not lie between the limits of quantity times unit price.'),
  row('CFDI40199', 'NumeroPedimento', checkNumber(ofParts), NUMBER, NUMBER_EN),
  row('CFDI40200', 'NumeroPedimento', checkNoImport(ofParts), NO_IMPORT, NO_IMPORT_EN),
];
