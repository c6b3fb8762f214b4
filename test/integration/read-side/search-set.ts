import { sampleId, type Sample } from './bench.js';

const ACEROS = { id: 'ANO850101AB1', name: 'Aceros del Norte, S.A. de C.V.' };
const PAPEL = { id: 'CPP9203157Z2', name: 'Compañía Papelera Peñón' };
const MUELLER = { id: 'DE123456789', name: 'Müller Straßenbau GmbH' };
const LUZ = { id: 'LUZ070809QX4', name: 'Luz y Fuerza & Hijos' };
const PUBLICO = { id: 'XAXX010101000', name: 'Público en General' };
const GARCIA = { id: 'GAGL800101KJ3', name: 'Lucía García Gómez' };
const COCA = { id: 'EMB760512PL8', name: 'Embotelladora Coca-Cola del Bajío' };
const VIA = { id: 'VIA991231AA0', name: 'Norteña' };

/** The fixed set that the search is proven on: every text is generated, ids follow from the seeds. */
export const SEARCH_SET: readonly Sample[] = [
  { seed: 1, series: 'A', number: '100', issuer: ACEROS, receiver: PUBLICO, descriptions: ['Tornillo de acero inoxidable', 'Tuerca hexagonal'], day: '2026-01-10', total: '116.00', uuid: '3F2504E0-4F89-41D3-9A0C-0305E82C3301' },
  { seed: 2, series: 'A', number: '1001', issuer: ACEROS, receiver: GARCIA, descriptions: ['Servicio de instalación eléctrica'], day: '2026-02-11', total: '5000.00' },
  { seed: 3, series: 'B', number: '100', issuer: PAPEL, receiver: ACEROS, descriptions: ['Papel bond tamaño carta', 'Tornillería surtida'], day: '2026-02-12', total: '850.50' },
  { seed: 4, series: 'PAP', number: '7', issuer: PAPEL, receiver: PUBLICO, descriptions: ['Papeles decorativos', 'Servicio de impresión'], day: '2025-12-31', total: '99.99', until: 'cancelled' },
  { seed: 5, series: 'RE', number: '2026-0001', issuer: MUELLER, receiver: LUZ, descriptions: ['Asphaltarbeiten', 'Lieferung von Schrauben'], day: '2026-03-01', total: '11900.00', currency: 'EUR', format: 'ubl-2.1' },
  { seed: 6, series: 'RE', number: '2026-0002', issuer: MUELLER, receiver: COCA, descriptions: ['Ladder rental', 'Straßenmarkierung'], day: '2026-03-02', total: '238.00', currency: 'EUR', format: 'cii' },
  { seed: 7, series: 'LZ', number: '55', issuer: LUZ, receiver: GARCIA, descriptions: ['Consumo de energía <b>enero</b> & "febrero"'], day: '2026-03-03', total: '700.00' },
  { seed: 8, series: 'LZ', number: '56', issuer: LUZ, receiver: PUBLICO, descriptions: ['Instalaciones provisionales', 'Reparación de transformador'], day: '2026-03-03', total: '701.00', until: 'rejected', codes: ['CFDI40108'] },
  { seed: 9, series: 'CC', number: '900', issuer: COCA, receiver: PUBLICO, descriptions: ['Refresco de cola 600 ml', 'Agua mineral'], day: '2026-03-04', total: '48.00' },
  { seed: 10, series: 'CC', number: '901', issuer: COCA, receiver: ACEROS, descriptions: ['Refresco de naranja 600 ml'], day: '2026-03-05', total: '52.00' },
  { seed: 11, series: 'CC', number: '902', issuer: COCA, receiver: ACEROS, descriptions: ['Refresco de naranja 600 ml'], day: '2026-03-06', total: '52.00' },
  { seed: 12, series: 'Z', number: '1', issuer: GARCIA, receiver: LUZ, descriptions: ['Honorarios por asesoría contable'], day: '2026-03-06', total: '1500.00' },
  { seed: 13, series: 'V', number: '1', issuer: VIA, receiver: VIA, descriptions: ['Ferrocarril'], day: '2026-03-07', total: '1.00' },
  { seed: 15, series: 'Kß', number: '77', issuer: VIA, receiver: VIA, descriptions: ['Cable Juan/Pedro 12.5mm, ventas@taller.mx', 'Anti-corrosivo', 'Poste H.C.(liso)', 'Perfil W F'], day: '2026-03-08', total: '3.00' },
  { seed: 14, series: 'V', number: '2', issuer: VIA, receiver: VIA, descriptions: ['Ferrocarril'], day: '2026-03-07', total: '1.00' },
];

const SAME_DAY = sampleId(13) < sampleId(14) ? [13, 14] : [14, 13];

/** Title, query and the seeds of the hits in the order of the answer. */
export const SEARCH_CASES: readonly (readonly [title: string, q: string, hits: readonly number[]])[] = [
  ['a word of a description', 'tornillo', [1]],
  ['the plural of it', 'tornillos', [1]],
  ['its beginning, while typing; both have it in a description', 'tornil', [1, 3]],
  ['two letters of it', 'to', [1, 3]],
  ['words in any order and case, all of them needed', 'TORNILLO acero', [1]],
  ['words of issuer and description together', 'bajío naranja', [11, 10]],
  ['a word that nothing has beside one that something has', 'acero zzzz', []],
  ['nothing that anything has', 'zzzz', []],
  ['series and number with a hyphen: the very one first, then those that begin so', 'A-100', [1, 2]],
  ['series and number in one', 'a100', [1, 2]],
  ['series and number apart, other series of that number behind', 'a 100', [1, 3, 2]],
  ['a number of two series, the longer number last', '100', [1, 3, 2]],
  ['the longer number alone', '1001', [2]],
  ['a number with hyphens, with its series', 'RE-2026-0001', [5]],
  ['a number with hyphens, without its series', '2026-0002', [6]],
  ['a number with spaces for hyphens', 'RE 2026 0001', [5]],
  ['a UUID as written', '3F2504E0-4F89-41D3-9A0C-0305E82C3301', [1]],
  ['a UUID without dashes, in small letters', '3f2504e04f8941d39a0c0305e82c3301', [1]],
  ['the beginning of a UUID', '3f2504e0-4f89', [1]],
  ['a UUID with one digit changed: another one', '3f2504e0-4f89-41d3-9a0c-0305e82c3302', []],
  ['an RFC, as issuer or receiver; shorter texts first, of the same length the newer', 'ANO850101AB1', [2, 1, 11, 10, 3]],
  ['an RFC with dashes', 'ano-850101-ab1', [2, 1, 11, 10, 3]],
  ['an RFC with spaces', 'ano 850101 ab1', [2, 1, 11, 10, 3]],
  ['the beginning of an RFC', 'CPP92', [4, 3]],
  ['an RFC with one letter changed: another one', 'ANO850101AB2', []],
  ['a series before words that begin so', 'pap', [4, 3]],
  ['a word without its accents', 'compania papelera penon', [4, 3]],
  ['a word with its accents', 'Compañía Papelera Peñón', [4, 3]],
  ['a word with accents that the document has not', 'áceros dél nórte', [2, 1, 11, 10, 3]],
  ['a Spanish plural of a word with an accent', 'instalaciones', [8, 2]],
  ['a Spanish singular without its accent', 'instalacion', [2, 8]],
  ['singular and plural of another word', 'servicios', [4, 2]],
  ['a German word as written', 'Straßenbau', [6, 5]],
  ['a German word in the other spelling', 'strassenbau', [6, 5]],
  ['a name joined by a hyphen', 'coca-cola', [6, 9, 11, 10]],
  ['the same name apart', 'coca cola', [6, 9, 11, 10]],
  ['a whole name with its abbreviations', 'Aceros del Norte, S.A. de C.V.', [2, 1, 11, 10, 3]],
  ['the same name with abbreviations that have no dots', 'aceros norte sa cv', [2, 1, 11, 10, 3]],
  ['words that stand everywhere are left out', 'servicio de la instalacion', [2]],
  ['a sign between words', 'luz & fuerza', [12, 8, 5, 7]],
  ['a letter missing', 'tornilo', [1, 3]],
  ['a letter too many', 'tornnillo', [1]],
  ['another letter', 'febrera', [7]],
  ['two letters swapped', 'refersco', [9, 11, 10]],
  ['two misspelt words', 'servico instalacoin', [2]],
  ['a misspelt word beside a right one', 'refresco narnaja', [11, 10]],
  ['a misspelt beginning of a longer word', 'transfromad', [8]],
  ['two letters wrong in one word: too far', 'torniyyo', []],
  ['a word of two languages', 'ladder', [6]],
  ['the same text twice: the newer first', 'naranja', [11, 10]],
  ['the same text on the same day: by id', 'ferrocarril', SAME_DAY],
  ['numbers within a description', '600 ml', [9, 11, 10]],
  ['the second of two words that only a stroke is between', 'pedro', [15]],
  ['a word within an address', 'taller', [15]],
  ['a number with its fraction', '12.5mm', [15]],
  ['the second part of a word with a hyphen', 'corrosivos', [15]],
  ['an abbreviation that only signs are beside', 'H.C.(Liso)', [15]],
  ['a name and its abbreviation, with only a comma between', 'norte,S.A.', [2, 1, 11, 10, 3]],
  ['an abbreviation of a text that has its letters apart', 'w.f.', [15]],
  ['more words than are asked for, behind an abbreviation whose letters the text has apart', 'W.F.-liso-hc-77-taller-cable-pedro-juan-mx-anti-corrosivo-poste', [15]],
  ['a series with a letter that words write with two, beside a word', 'Kß cable', [15]],
  ['nothing but signs', '()!&|', []],
  ['a picture beside a word', '🧾 papel', [4, 3]],
];
