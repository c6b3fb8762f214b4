import { erased, inNamespace, type Decoder, type Element, type RawAttributes } from '../element.js';
import type { Attributes, CfdiDocument, Concepto, Impuestos, TaxAttribute } from '../models/cfdi.js';
import { clip } from '../text.js';

export const CFDI_4_NAMESPACE = 'http://www.sat.gob.mx/cfd/4';
export const CFDI_3_NAMESPACE = 'http://www.sat.gob.mx/cfd/3';
const STAMP = inNamespace('http://www.sat.gob.mx/TimbreFiscalDigital');
const LOCAL_TAXES = inNamespace('http://www.sat.gob.mx/implocal');

const MAX_COMPLEMENTS = 32;
const MAX_REPEATED = 16;

type Tax = Attributes<TaxAttribute>;
type Line = Concepto & { traslados: Tax[]; retenciones: Tax[] };
type Totals = Impuestos & { readonly traslados: Tax[]; readonly retenciones: Tax[] };
type Single = 'emisor' | 'receptor' | 'timbre' | 'localTaxes' | 'informacionGlobal';
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Draft extends Mutable<CfdiDocument> {
  conceptos: Line[];
  complements: string[];
  repeated: string[];
  impuestos?: Totals;
}

function once(draft: Draft, name: string, taken: boolean): boolean {
  if (taken && draft.repeated.length < MAX_REPEATED) draft.repeated.push(name);
  return !taken;
}

const single = (key: Single, name: string) => (draft: Draft, attributes: RawAttributes): void => {
  if (once(draft, name, draft[key] !== undefined)) draft[key] = attributes;
};

/** Shared by all lines without taxes, so that a document of a million empty lines stays small. */
const NO_TAXES: Tax[] = [];

function addLine(draft: Draft, attributes: RawAttributes): void {
  draft.conceptos.push({ attributes, traslados: NO_TAXES, retenciones: NO_TAXES });
}

function addTotals(draft: Draft, attributes: RawAttributes): void {
  if (once(draft, 'Impuestos', draft.impuestos !== undefined)) draft.impuestos = { attributes, traslados: [], retenciones: [] };
}

const lineTax = (kind: 'traslados' | 'retenciones') => (draft: Draft, attributes: RawAttributes): void => {
  const row = draft.conceptos.at(-1);
  if (!row) return;
  if (row[kind] === NO_TAXES) row[kind] = [attributes];
  else row[kind].push(attributes);
};

const totalTax = (kind: 'traslados' | 'retenciones') => (draft: Draft, attributes: RawAttributes): void => {
  draft.impuestos?.[kind].push(attributes);
};

function addComplement(draft: Draft, local: string): void {
  if (draft.complements.length < MAX_COMPLEMENTS) draft.complements.push(clip(local, 80));
}

/** The table of `Comprobante`; versions 3.3 and 4.0 differ in namespace and attributes, not in the elements read here. */
function comprobante(uri: string): Element<Draft> {
  const { group, mark } = inNamespace(uri);
  const taxes = (add: typeof lineTax) => ({
    Traslados: group<Draft>({ Traslado: mark(add('traslados')) }),
    Retenciones: group<Draft>({ Retencion: mark(add('retenciones')) }),
  });
  return group<Draft>({
    InformacionGlobal: mark(single('informacionGlobal', 'InformacionGlobal')),
    Emisor: mark(single('emisor', 'Emisor')),
    Receptor: mark(single('receptor', 'Receptor')),
    Conceptos: group({ Concepto: group({ Impuestos: group(taxes(lineTax)) }, { open: addLine }) }),
    Impuestos: group(taxes(totalTax), { open: addTotals }),
    Complemento: group(
      {
        TimbreFiscalDigital: STAMP.mark(single('timbre', 'TimbreFiscalDigital')),
        ImpuestosLocales: LOCAL_TAXES.mark(single('localTaxes', 'ImpuestosLocales')),
      },
      { other: addComplement },
    ),
  });
}

const decoder = (format: CfdiDocument['format'], uri: string): Decoder<Draft, CfdiDocument> => ({
  root: comprobante(uri),
  begin: (attributes) => ({ syntax: 'cfdi', format, comprobante: attributes, conceptos: [], complements: [], repeated: [] }),
  finish: (draft) => draft,
});

export const CFDI_4 = erased(decoder('cfdi-4.0', CFDI_4_NAMESPACE));
export const CFDI_33 = erased(decoder('cfdi-3.3', CFDI_3_NAMESPACE));
