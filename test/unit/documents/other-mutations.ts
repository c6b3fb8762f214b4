import { READ_LIMITS } from '../../../write-side/documents/limits.js';
import { cfdi, readWell, ubl } from './given.js';
import type { Mutation } from './mutation.js';

const addenda = (content: string): string => cfdi().replace('</cfdi:Comprobante>', `<cfdi:Addenda>${content}</cfdi:Addenda></cfdi:Comprobante>`);

/** Bytes that are no document, or none that is read. */
export const BYTES_MUTATIONS: readonly Mutation[] = [
  { title: 'nothing', codes: ['FOLIO-XML-EMPTY'], text: () => '' },
  { title: 'bytes that are not what they say', codes: ['FOLIO-XML-ENCODING'], text: () => Buffer.from([...Buffer.from('<?xml version="1.0" encoding="UTF-8"?><a>'), 0xff, 0xfe, 0xfd]) },
  { title: 'a DOCTYPE', codes: ['FOLIO-XML-DOCTYPE'], text: () => `<!DOCTYPE a>${ubl()}` },
  { title: 'half a document', codes: ['FOLIO-XML-MALFORMED'], text: () => cfdi().slice(0, 900) },
  { title: 'too many bytes', codes: ['FOLIO-XML-LIMIT-BYTES'], text: () => new Uint8Array(READ_LIMITS.bytes + 1) },
  { title: 'too many levels', codes: ['FOLIO-XML-LIMIT-DEPTH'], text: () => addenda('<a>'.repeat(READ_LIMITS.depth) + '</a>'.repeat(READ_LIMITS.depth)) },
  { title: 'too many attributes', codes: ['FOLIO-XML-LIMIT-ATTRIBUTES'], text: () => addenda(`<a${Array.from({ length: READ_LIMITS.attributes + 1 }, (_, index) => ` a${index}=""`).join('')}/>`) },
  { title: 'too long a value', codes: ['FOLIO-XML-LIMIT-TEXT'], text: () => cfdi().replace('Serie="B"', `Serie="${'B'.repeat(READ_LIMITS.text + 1)}"`) },
  { title: 'another kind of XML', codes: ['FOLIO-UNSUPPORTED'], text: () => '<testSet/>' },
];

const claimed = (title: string, code: string, text: () => string, issuer: string | undefined, receiver: string | undefined, claim: Readonly<Record<string, string>>): Mutation =>
  ({ title, codes: [code], text, context: { expected: { issuer: issuer === undefined ? {} : { id: issuer }, receiver: receiver === undefined ? {} : { id: receiver }, taxes: [], ...claim } } });

/** Right documents beside a claim that says something else. */
export const CLAIM_MUTATIONS: readonly Mutation[] = [
  claimed('another folio', 'FOLIO-CLAIM-UUID', cfdi, undefined, undefined, { uuid: '5BD612EA-DB91-441D-BF85-37F442796EC1' }),
  claimed('a folio where there is none', 'FOLIO-CLAIM-UUID-ABSENT', ubl, undefined, undefined, { uuid: 'B8DF341C-E3F8-416F-AA37-11DA3F21CE16' }),
  claimed('another issuer', 'FOLIO-CLAIM-ISSUER', cfdi, 'AAA010101AAA', undefined, {}),
  claimed('another receiver', 'FOLIO-CLAIM-RECEIVER', cfdi, undefined, 'AAA010101AAA', {}),
  claimed('another amount', 'FOLIO-CLAIM-AMOUNT', cfdi, undefined, undefined, { amount: '0.01' }),
  claimed('another currency', 'FOLIO-CLAIM-CURRENCY', cfdi, undefined, undefined, { currency: readWell(cfdi()).facts.currency === 'USD' ? 'MXN' : 'USD' }),
  claimed('another date', 'FOLIO-CLAIM-DATE', cfdi, undefined, undefined, { issuanceDate: '1999-12-31' }),
];
