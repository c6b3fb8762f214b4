import type { XmlElement } from './xml.js';

/** A change that breaks one thing; the name says which. */
export interface Breakage {
  readonly name: string;
  apply(root: XmlElement): XmlElement;
}

/** Changes every element of that name; `undefined` takes it out. */
function change(node: XmlElement, name: string, edit: (element: XmlElement) => XmlElement | undefined): XmlElement {
  const children = node.children.flatMap((child): (XmlElement | string)[] => {
    if (typeof child === 'string') return [child];
    const changed = child.name === name ? edit(child) : change(child, name, edit);
    return changed === undefined ? [] : [changed];
  });
  return { ...node, children };
}

const setAttribute = (node: XmlElement, name: string, value: string): XmlElement =>
  ({ ...node, attributes: node.attributes.map((pair) => (pair[0] === name ? [name, value] as const : pair)) });

const attribute = (name: string, value: string): Breakage['apply'] => (root) => setAttribute(root, name, value);
const without = (name: string): Breakage['apply'] => (root) => change(root, name, () => undefined);
const text = (name: string, value: string): Breakage['apply'] => (root) => change(root, name, (node) => ({ ...node, children: [value] }));

/** Breakages of CFDI, applied before sealing, so that the seal is right and only the named thing is wrong. */
export const CFDI_BREAKAGES = {
  total: { name: 'total wrong', apply: attribute('Total', '1.00') },
  subtotal: { name: 'subtotal is not the sum of the lines', apply: attribute('SubTotal', '1.00') },
  receiver: { name: 'receiver missing', apply: without('cfdi:Receptor') },
  date: { name: 'impossible date', apply: attribute('Fecha', '2026-02-31T10:00:00') },
  negative: { name: 'negative amount', apply: (root) => change(root, 'cfdi:Concepto', (node) => setAttribute(node, 'ValorUnitario', '-10.00')) },
} as const satisfies Readonly<Record<string, Breakage>>;

export const UBL_BREAKAGES = {
  due: { name: 'amount due wrong', apply: text('cbc:PayableAmount', '1.00') },
  buyer: { name: 'buyer missing', apply: without('cac:AccountingCustomerParty') },
} as const satisfies Readonly<Record<string, Breakage>>;

export const CII_BREAKAGES = {
  date: { name: 'impossible date', apply: (root: XmlElement) => change(root, 'ram:IssueDateTime', text('udt:DateTimeString', '20260431')) },
} as const satisfies Readonly<Record<string, Breakage>>;
