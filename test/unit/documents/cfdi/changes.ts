import type { Attributes, Given } from './given.js';

/** What a test changes in a right CFDI. */
export type Change = (given: Given) => void;

export const header = (attributes: Attributes): Change => ({ comprobante }) => void Object.assign(comprobante, attributes);
export const issuer = (attributes: Attributes): Change => ({ emisor }) => void Object.assign(emisor ?? {}, attributes);
export const receiver = (attributes: Attributes): Change => ({ receptor }) => void Object.assign(receptor ?? {}, attributes);
export const period = (attributes: Attributes): Change => ({ informacionGlobal }) => void Object.assign(informacionGlobal ?? {}, attributes);
/** The first line, its first transferred and its first withheld tax, and what stands behind its taxes. */
export const line = (attributes: Attributes): Change => ({ lines: [first] }) => void Object.assign(first.attributes, attributes);
export const lineTax = (attributes: Attributes): Change => ({ lines: [first] }) => void Object.assign(first.traslados[0] ?? {}, attributes);
export const lineWithholding = (attributes: Attributes): Change => ({ lines: [first] }) => void Object.assign(first.retenciones[0] ?? {}, attributes);
export const inLine = (inside: string): Change => ({ lines: [first] }) => { first.inside = inside; };
/** The summary of taxes, its first transferred and its first withheld tax. */
export const totals = (attributes: Attributes): Change => (given) => { given.totals = { ...given.totals, ...attributes }; };
export const transferred = (attributes: Attributes): Change => ({ traslados }) => void Object.assign(traslados[0] ?? {}, attributes);
export const withholding = (attributes: Attributes): Change => ({ retenciones }) => void Object.assign(retenciones[0] ?? {}, attributes);
export const complement = (text: string): Change => (given) => { given.complement = text; };
export const related = (text: string): Change => (given) => { given.related = text; };
export const total = (Total: string): Change => header({ Total });
export const all = (...changes: readonly Change[]): Change => (given) => changes.forEach((change) => change(given));
