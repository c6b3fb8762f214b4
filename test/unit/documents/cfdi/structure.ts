import { header, inLine, issuer, line, lineTax, lineWithholding, receiver, related } from './changes.js';
import { invoice, withheld, type Case } from './given.js';

/** Each breaks the schema and no other rule. */
export const STRUCTURE_CASES: readonly Case[] = [
  ['another version', invoice, header({ Version: '4.1' }), ['CFDI301']],
  ['no place of issue', invoice, header({ LugarExpedicion: undefined }), ['CFDI301']],
  ['no export code', invoice, header({ Exportacion: undefined }), ['CFDI301']],
  ['an attribute that the schema does not have', invoice, header({ Version2: '1' }), ['CFDI301']],
  ['an attribute in another case', invoice, lineTax({ tasaOCuota: '0.160000' }), ['CFDI301']],
  ['an attribute of an object', invoice, header({ constructor: 'x' }), ['CFDI301']],
  ['a series that is too long', invoice, header({ Serie: 'S'.repeat(26) }), ['CFDI301']],
  ['an empty folio', invoice, header({ Folio: '' }), ['CFDI301']],
  ['a bar in a text', invoice, line({ Descripcion: 'a|b' }), ['CFDI301']],
  ['a description that is too long', invoice, line({ Descripcion: 'x'.repeat(1_001) }), ['CFDI301']],
  ['a confirmation of four characters', invoice, header({ Confirmacion: 'ABCD', Moneda: 'USD', TipoCambio: '99' }), ['CFDI301']],
  ['no issuer', invoice, (given) => { given.emisor = undefined; }, ['CFDI301']],
  ['no receiver', invoice, (given) => { given.receptor = undefined; }, ['CFDI301']],
  ['an empty name', invoice, issuer({ Nombre: ' ' }), ['CFDI301']],
  ['a malformed RFC', invoice, issuer({ Rfc: 'ABC' }), ['CFDI301']],
  ['a domicile of four digits', invoice, receiver({ DomicilioFiscalReceptor: '7200' }), ['CFDI301']],
  ['an amount in scientific notation', invoice, header({ Total: '2.32e2' }), ['CFDI301']],
  ['a negative amount', invoice, line({ ValorUnitario: '-100.00' }), ['CFDI301']],
  ['an amount of seven decimals', invoice, line({ ValorUnitario: '100.0000001' }), ['CFDI301']],
  ['a quantity that is no number', invoice, line({ Cantidad: 'dos' }), ['CFDI301']],
  ['a related document that has no folio', invoice, related('<cfdi:CfdiRelacionados TipoRelacion="01"><cfdi:CfdiRelacionado UUID="1"/></cfdi:CfdiRelacionados>'), ['CFDI301']],
  ['a relation to nothing', invoice, related('<cfdi:CfdiRelacionados TipoRelacion="01"/>'), ['CFDI301']],
  ['a third party without name', invoice, inLine('<cfdi:ACuentaTerceros RfcACuentaTerceros="CDS190822TB3" RegimenFiscalACuentaTerceros="601" DomicilioFiscalACuentaTerceros="97000"/>'), ['CFDI301']],
  ['a property number with a dash', invoice, inLine('<cfdi:CuentaPredial Numero="1-2"/>'), ['CFDI301']],
  ['a part without description', invoice, inLine('<cfdi:Parte ClaveProdServ="27111700" Cantidad="1"/>'), ['CFDI301']],
  ['a withholding without rate', withheld, lineWithholding({ TasaOCuota: undefined }), ['CFDI301']],
];
