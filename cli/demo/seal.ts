import 'reflect-metadata';
import { KeyObject, sign, webcrypto, X509Certificate } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import type { DemoParty } from './people.js';
import { element, type XmlElement } from './xml.js';

/** A certificate like a CSD, self-signed and worth nothing outside the demonstration, with its key. */
export interface DemoCertificate {
  readonly key: KeyObject;
  /** 20 digits. */
  readonly number: string;
  /** DER in base64, as the attribute `Certificado` carries it. */
  readonly base64: string;
}

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 };
const VALID_FROM = new Date('2024-01-01T00:00:00Z');
const VALID_UNTIL = new Date('2036-01-01T00:00:00Z');

/** Subject characters that a distinguished name would read as its own syntax. */
const nameText = (text: string): string => text.replace(/[,+"\\<>;=#]/gu, ' ');

/**
 * Makes a key pair and certificate: serial = the ASCII codes of the 20 digits, subject with name and RFC (x500UniqueIdentifier),
 * as SAT's CSD have them.
 * @param number 20 digits
 */
export async function demoCertificate(party: Pick<DemoParty, 'rfc' | 'name'>, number: string): Promise<DemoCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: Buffer.from(number, 'ascii').toString('hex'),
    name: `CN=${nameText(party.name)}, O=${nameText(party.name)}, OU=Folio demo, 2.5.4.45=${party.rfc}`,
    notBefore: VALID_FROM,
    notAfter: VALID_UNTIL,
    signingAlgorithm: ALGORITHM,
    keys,
  });
  return { key: KeyObject.from(keys.privateKey), number, base64: Buffer.from(certificate.rawData).toString('base64') };
}

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

const rsaSha256 = (text: string, key: KeyObject): string => sign('RSA-SHA256', Buffer.from(text), key).toString('base64');

/** Puts values in the attributes of those names, keeping their places. */
function withAttributes(node: XmlElement, values: Readonly<Record<string, string>>): XmlElement {
  return { ...node, attributes: node.attributes.map(([name, value]) => [name, values[name] ?? value] as const) };
}

/** The issuer's seal: certificate number first, as it is part of what is signed. */
export function sealed(comprobante: XmlElement, certificate: DemoCertificate): XmlElement {
  const numbered = withAttributes(comprobante, { NoCertificado: certificate.number, Certificado: certificate.base64 });
  return withAttributes(numbered, { Sello: rsaSha256(originalString(numbered), certificate.key) });
}

export interface Stamp {
  readonly uuid: string;
  readonly date: string;
  readonly provider: string;
  readonly certificate: DemoCertificate;
}

/** Adds the stamp of the (invented) provider: it signs its own fields and the issuer's seal. */
export function stamped(comprobante: XmlElement, stamp: Stamp): XmlElement {
  const seal = new Map(comprobante.attributes).get('Sello') ?? '';
  const { uuid, date, provider, certificate } = stamp;
  const original = `||1.1|${uuid}|${date}|${provider}|${seal}|${certificate.number}||`;
  const timbre = element('tfd:TimbreFiscalDigital', {
    'xmlns:tfd': 'http://www.sat.gob.mx/TimbreFiscalDigital',
    Version: '1.1',
    UUID: uuid,
    FechaTimbrado: date,
    RfcProvCertif: provider,
    SelloCFD: seal,
    NoCertificadoSAT: certificate.number,
    SelloSAT: rsaSha256(original, certificate.key),
  });
  return { ...comprobante, children: [...comprobante.children, element('cfdi:Complemento', {}, [timbre])] };
}

/** The number that a certificate's serial spells, for whoever wants to check one. */
export const certificateNumber = (base64: string): string =>
  Buffer.from(new X509Certificate(Buffer.from(base64, 'base64')).serialNumber, 'hex').toString('ascii');
