import { expect } from 'chai';
import { CODE_LISTS } from '../../../write-side/documents/code-lists/index.js';

describe('the code lists of EN 16931', () => {
  it('are there in full', () => {
    const sizes = Object.fromEntries(Object.entries(CODE_LISTS).map(([name, list]) => [name, list.size]));
    expect(sizes).to.include({ currencies: 179, units: 2_162, identifierSchemes: 239, addressSchemes: 100, paymentMeans: 84, vatCategories: 10, mimeTypes: 6, referenceQualifiers: 818 });
  });

  it('have codes that documents use, and none that are none', () => {
    const { currencies, countries, units, addressSchemes, exemptionReasons } = CODE_LISTS;
    for (const [list, code] of [[currencies, 'MXN'], [countries, 'XI'], [units, 'C62'], [units, 'XBX'], [addressSchemes, '9930'], [exemptionReasons, 'VATEX-EU-AE']] as const) expect(list.has(code), code).to.equal(true);
    for (const [list, code] of [[currencies, 'EURO'], [countries, 'UK'], [units, 'PIECE'], [addressSchemes, ''], [exemptionReasons, 'VATEX']] as const) expect(list.has(code), code).to.equal(false);
  });

  it('tell credit notes from invoices', () => {
    const { invoiceTypes, creditNoteTypes, documentTypes } = CODE_LISTS;
    expect([...creditNoteTypes].filter((code) => invoiceTypes.has(code))).to.deep.equal(['81']);
    for (const code of [...invoiceTypes, ...creditNoteTypes]) expect(documentTypes.has(code), code).to.equal(true);
  });
});
