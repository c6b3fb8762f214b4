import { PROVIDER, PROVIDER_RFC } from './seals/people.js';
import type { Signer } from './seals/signer.js';
import { element, type XmlElement } from './xml.js';

/** Attributes that the cadena original leaves out. */
const OUTSIDE = new Set(['Sello', 'Certificado', 'xmlns:cfdi', 'xmlns:xsi', 'xsi:schemaLocation']);

const normal = (text: string): string => text.trim().replace(/\s+/gu, ' ');

const ownFields = (node: XmlElement): string[] =>
  node.attributes.flatMap(([name, value]) => (value === undefined || OUTSIDE.has(name) ? [] : [normal(value)]));

const childrenFields = (node: XmlElement): string[] => node.children.flatMap((child) => (typeof child === 'string' ? [] : fields(child)));

/** In the taxes of the document each total follows its nodes, withheld first. */
function taxFields(node: XmlElement): string[] {
  const totals = new Map(node.attributes);
  const group = (name: string, total: string): string[] => {
    const nodes = node.children.flatMap((child) => (typeof child !== 'string' && child.name === name ? childrenFields(child) : []));
    const value = totals.get(total);
    return value === undefined ? nodes : [...nodes, value];
  };
  return [...group('cfdi:Retenciones', 'TotalImpuestosRetenidos'), ...group('cfdi:Traslados', 'TotalImpuestosTrasladados')];
}

function fields(node: XmlElement): string[] {
  if (node.name === 'cfdi:Complemento' || node.name === 'cfdi:Addenda') return [];
  if (node.name === 'cfdi:Impuestos' && node.attributes.length > 0) return taxFields(node);
  return [...ownFields(node), ...childrenFields(node)];
}

/**
 * The cadena original of a generated `Comprobante`: its fields in the order of `cadenaoriginal_4_0.xslt`, which is the order in which the
 * generator writes them, but for the tax totals. Complements other than the stamp are not generated, so none is appended.
 */
export const originalString = (comprobante: XmlElement): string => `||${fields(comprobante).join('|')}||`;

/** Puts values in the attributes of those names, keeping their places. */
function withAttributes(node: XmlElement, values: Readonly<Record<string, string>>): XmlElement {
  return { ...node, attributes: node.attributes.map(([name, value]) => [name, values[name] ?? value] as const) };
}

/** The issuer's seal: certificate number first, as it is part of what is signed. */
export function sealed(comprobante: XmlElement, signer: Signer): XmlElement {
  const numbered = withAttributes(comprobante, { NoCertificado: signer.number, Certificado: signer.certificate });
  return withAttributes(numbered, { Sello: signer.sign(originalString(numbered)) });
}

/** What the provider signs. */
export const stampString = (uuid: string, date: string, seal: string): string => `||1.1|${uuid}|${date}|${PROVIDER_RFC}|${seal}|${PROVIDER.number}||`;

/**
 * Adds the stamp of the (invented) provider: it signs its own fields and the issuer's seal.
 * @param date local time, `AAAA-MM-DDThh:mm:ss`
 */
export function stamped(comprobante: XmlElement, uuid: string, date: string): XmlElement {
  const seal = new Map(comprobante.attributes).get('Sello') ?? '';
  const timbre = element('tfd:TimbreFiscalDigital', {
    'xmlns:tfd': 'http://www.sat.gob.mx/TimbreFiscalDigital',
    Version: '1.1',
    UUID: uuid,
    FechaTimbrado: date,
    RfcProvCertif: PROVIDER_RFC,
    SelloCFD: seal,
    NoCertificadoSAT: PROVIDER.number,
    SelloSAT: PROVIDER.sign(stampString(uuid, date, seal)),
  });
  return { ...comprobante, children: [...comprobante.children, element('cfdi:Complemento', {}, [timbre])] };
}
