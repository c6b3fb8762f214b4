import { CODE_LISTS } from '../../code-lists/index.js';
import type { EnDocument, EnLine } from '../../models/en16931.js';
import { pathOf, type Check, type EnRule } from '../en16931/rule.js';
import { ABSENT } from '../rule.js';
import { isCleanVehicle, xrechnung } from './rule.js';

const SCHEME = 'CVD';
const ATTRIBUTE = 'cva';
const VEHICLES: ReadonlySet<string> = new Set(['M1', 'M2', 'M3', 'N1', 'N2', 'N3']);
const KINDS: ReadonlySet<string> = new Set(['clean', 'zero-emission', 'other']);
const TENDER = '50';

const vehicles = (code: string, term: string, en: string, es: string, check: Check): EnRule =>
  xrechnung(code, term, en, es, (view, report, ...rest) => {
    if (isCleanVehicle(view.document)) check(view, report, ...rest);
  });
const classes = ({ classifications }: EnLine): number => classifications.filter(({ scheme }) => scheme === SCHEME).length;
const kinds = ({ attributes }: EnLine): number => attributes.filter(({ name }) => name === ATTRIBUTE).length;
const eachLine = ({ lines }: EnDocument, visit: (line: EnLine, index: number) => void): void => lines.forEach(visit);

/** Rules for invoices on clean vehicles (directive 2019/1161), which BT-24 declares. */
export const CLEAN_VEHICLE_RULES: readonly EnRule[] = [
  vehicles('BR-DE-CVD-01', 'BT-12', 'The contract must be named (BT-12).', 'Debe indicarse el contrato (BT-12).', ({ document }, report) => {
    if (document.contract === undefined) report(pathOf(document, 'BT-12'), 'a value', ABSENT);
  }),
  vehicles('BR-DE-CVD-02', 'BT-17', 'The tender must be named (BT-17).', 'Debe indicarse la licitación (BT-17).', ({ ubl, document }, report) => {
    const given = ubl ? document.tender !== undefined : document.references.some(({ typeCode, id }) => typeCode === TENDER && id !== undefined);
    if (!given) report(pathOf(document, 'BT-17'), 'a value', ABSENT);
  }),
  vehicles('BR-DE-CVD-03', 'BT-158', 'One line at least must classify its vehicle.', 'Al menos una línea debe clasificar su vehículo.', ({ document }, report) => {
    if (!document.lines.some((line) => classes(line) > 0 && kinds(line) > 0)) report(pathOf(document, 'BG-25'), 'a classified vehicle', ABSENT);
  }),
  vehicles('BR-DE-CVD-04', 'BT-158', 'The class of a vehicle must be one of the list.', 'La clase de un vehículo debe ser de la lista.', ({ document }, report) =>
    eachLine(document, ({ classifications }, index) => {
      for (const [inner, { scheme, text }] of classifications.entries()) if (scheme === SCHEME && !VEHICLES.has(text)) report(() => pathOf(document, 'BT-158', index, inner), [...VEHICLES].join(', '), text);
    })),
  vehicles('BR-DE-CVD-05', 'BT-161', 'The kind of a vehicle must be one of the list.', 'El tipo de un vehículo debe ser de la lista.', ({ document }, report) =>
    eachLine(document, ({ attributes }, index) => {
      for (const [inner, { name, value }] of attributes.entries()) if (name === ATTRIBUTE && !KINDS.has(value ?? '')) report(() => pathOf(document, 'BT-161', index, inner), [...KINDS].join(', '), value ?? ABSENT);
    })),
  vehicles('BR-DE-CVD-06-a', 'BT-160', 'A classified vehicle must have one kind.', 'Un vehículo clasificado debe tener un tipo.', ({ document }, report) =>
    eachLine(document, (line, index) => {
      if (classes(line) > 0 && kinds(line) !== 1) report(() => pathOf(document, 'BG-31', index), 'one', `${kinds(line)}`);
    })),
  vehicles('BR-DE-CVD-06-b', 'BT-158', 'A vehicle with a kind must have one class.', 'Un vehículo con tipo debe tener una clase.', ({ document }, report) =>
    eachLine(document, (line, index) => {
      if (kinds(line) > 0 && classes(line) !== 1) report(() => pathOf(document, 'BG-31', index), 'one', `${classes(line)}`);
    })),
  vehicles('BR-TMP-CVD-01', 'BT-158-1', 'The scheme of a classification must be of UNTDID 7143 or CVD.', 'El esquema de una clasificación debe ser de UNTDID 7143 o CVD.', ({ document }, report) =>
    eachLine(document, ({ classifications }, index) => {
      for (const [inner, { scheme }] of classifications.entries()) {
        if (scheme !== undefined && scheme !== SCHEME && !CODE_LISTS.itemClassifications.has(scheme)) report(() => pathOf(document, 'BT-158-1', index, inner), 'UNTDID 7143 or CVD', scheme);
      }
    })),
];
