import { CFDI_33_RULES, CFDI_40_RULES } from '../../../../write-side/documents/rules/cfdi/index.js';
import type { Mutation } from '../mutation.js';
import { changed, written, type Case, type Given, type GivenLine } from './given.js';

const oldLine = (line: GivenLine): GivenLine => ({ ...line, attributes: { ...line.attributes, ObjetoImp: undefined } });

/** The same invoice as a CFDI 3.3: without what 4.0 brought. */
export function writtenOld(given: Given): string {
  const { Exportacion: _, ...comprobante } = given.comprobante;
  const { DomicilioFiscalReceptor: _place, RegimenFiscalReceptor: _regime, ...receptor } = given.receptor ?? {};
  const [first, ...lines] = given.lines;
  return written({
    ...given,
    comprobante: { 'xmlns:cfdi': 'http://www.sat.gob.mx/cfd/3', ...comprobante, Version: '3.3' },
    receptor,
    lines: [oldLine(first), ...lines.map(oldLine)],
    traslados: given.traslados.map((row) => ({ ...row, Base: undefined })),
  });
}

/** Codes of 4.0 whose rule 3.3 has under another one. */
const OLD_CODES: ReadonlyMap<string, string> = new Map(CFDI_40_RULES.flatMap(({ code, check }) => {
  const old = CFDI_33_RULES.find((rule) => rule.check === check);
  return old ? [[code, old.code]] : [];
}));

/** The cases of rules that 3.3 has too, written as 3.3. */
export const oldMutationsOf = (cases: readonly Case[]): Mutation[] =>
  cases.filter(([, , , [code = '']]) => OLD_CODES.get(code)?.startsWith('CFDI33')).map((item) =>
    ({ title: `a CFDI 3.3 with ${item[0]}`, codes: item[3].flatMap((code) => OLD_CODES.get(code) ?? []), text: () => writtenOld(changed(item)) }));
