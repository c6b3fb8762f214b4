import type { CfdiDocument } from '../../models/cfdi.js';
import type { XmlNode } from '../../models/node.js';
import { parseFields, type FieldOrder, type Fields } from '../order.js';
import { FREIGHT } from './freight.js';
import { FUEL } from './fuel.js';
import { OTHERS } from './others.js';
import { PAYMENTS } from './payments.js';
import { PAYROLL } from './payroll.js';
import { TRADE } from './trade.js';
import { VEHICLES } from './vehicles.js';

const ORDERS: readonly FieldOrder[] = [...PAYMENTS, ...FREIGHT, ...TRADE, ...PAYROLL, ...FUEL, ...VEHICLES, ...OTHERS];

/** Each order as its one root element and what is read of it. */
function roots({ uri, fields }: FieldOrder): readonly [string, Fields][] {
  return parseFields(fields).flatMap((step): [string, Fields][] => (step.kind === 'each' ? [[`${uri}|${step.path.join('/')}`, step.steps]] : []));
}

const tableOf = (format: CfdiDocument['format']): ReadonlyMap<string, Fields> =>
  new Map(ORDERS.filter((order) => order.formats.includes(format)).flatMap(roots));

const TABLES: Readonly<Record<CfdiDocument['format'], ReadonlyMap<string, Fields>>> = { 'cfdi-4.0': tableOf('cfdi-4.0'), 'cfdi-3.3': tableOf('cfdi-3.3') };

/** The fields of a complement in the cadena original of that version; undefined where its transformation does not know it. */
export const complementFields = (format: CfdiDocument['format'], { uri, local }: XmlNode): Fields | undefined => TABLES[format].get(`${uri}|${local}`);
