/** Rules that no document breaks here, and why. */
export const UNBREAKABLE: Readonly<Record<string, string>> = {
  'FOLIO-XML-LIMIT-ELEMENTS': 'two million elements; hostile.test.ts reads them with a lower limit',
  'FOLIO-JUDGE-STUCK': 'told where judging took too long: judging-pool.test.ts',
  'FOLIO-JUDGE-ENDED': 'told where what judged ended: judging-pool.test.ts',
  'FOLIO-DUPLICATE-SUSPECTED': 'told by whoever follows the log, of two documents: duplicates.test.ts',
};

/** Rules that are listed for both syntaxes and speak in one of them only. */
export const SILENT_IN: Readonly<Record<'ubl' | 'cii', readonly string[]>> = {
  ubl: ['FOLIO-EN-DECIMALS'],
  cii: ['BR-AF-09', 'BR-AG-09'],
};

const table = (rows: readonly (readonly [codes: string, why: string])[]): Readonly<Record<string, string>> =>
  Object.fromEntries(rows.flatMap(([codes, why]) => codes.split(' ').map((code) => [code, why])));

/** Why a code is found together with another one that the same change breaks. */
export const COMPANIONS: Readonly<Record<string, string>> = table([
  ['CFDI301', 'the schema bounds the same value'],
  ['CFDI303', 'there is no certificate of the other issuer, so the document is sealed with that of the first'],
  ['CFDI40102 CFDI33102 FOLIO-TFD-SELLO-CFD', 'the seal covers what was changed, and the stamp repeats the seal'],
  ['CFDI40103 CFDI40109 CFDI40113 CFDI40116 CFDI40122 CFDI40125 CFDI40166 CFDI40201', 'the rules of a payment repeat, for its envelope, rules that all documents have'],
  ['CFDI40108 CFDI40111 CFDI40119 CFDI33110 CFDI33118', 'the amount is part of a sum'],
  ['CFDI40134', 'what is no month is no single one either'],
  ['CFDI40153', 'a foreign tax id needs its country, and a national receiver has none'],
  ['CFDI40171 CFDI40172 CFDI40173', 'the tax object of the concept no longer fits its taxes'],
  ['CFDI40186 CFDI40211 CFDI40215 CFDI40219 CFDI40221 FOLIO-CFDI-TAX-UNSUMMED', 'the taxes of the lines and their summary no longer fit each other, or are wrong in both places'],
  ['CFDI40209', 'the matrix has two codes for a missing total of what was withheld'],
  ['CRP20202 CRP20204 CRP20205 CRP20210 CRP20211', 'the totals of the complement are sums of what was changed'],
  ['CRP20244', 'the balance is the difference of what was changed'],
  ['CRP20264 CRP20267 CRP20273', 'taxes need their totals, which went with the element'],
  ['CRP20265 CRP20268 CRP20269 CRP20274', 'the taxes of the payment are sums of those of its documents'],
  ['BR-09 BR-10 BR-11 BR-20 BR-23 BR-27 BR-38 BR-48', 'the field is inside of what was taken away'],
  ['BR-32 BR-33 BR-CO-21 BR-CO-22 BR-CO-23 BR-CO-24', 'an allowance or charge without reason or category breaks two rules of the norm'],
  ['BR-53', 'an accounting currency needs its total, which here has another'],
  ['BR-61', 'UBL tells a missing account and a missing group of it by two codes'],
  ['BR-B-01', 'split payment anywhere but in Italy'],
  ['BR-CL-03 BR-CL-06 BR-CL-19 BR-CL-20 BR-CL-24 BR-CL-25 PEPPOL-EN16931-CL008 PEPPOL-EN16931-R051', 'Peppol repeats a code list of the norm, or narrows it'],
  ['BR-CL-10 BR-CL-11 BR-CL-13 BR-CL-21 BR-CL-26 BR-CO-16 UBL-CR-470 UBL-CR-646', 'XRechnung adds something to the norm, whose own rule is told as a remark'],
  ['BR-CO-10 BR-CO-11 BR-CO-12 BR-CO-13 BR-CO-14 BR-CO-15', 'the amount is part of a sum'],
  ['BR-CO-17 BR-S-09', 'VAT is computed from the base and the rate of its row'],
  ['BR-CO-18', 'there must be one breakdown'],
  ['BR-S-01 BR-Z-01', 'the category is used and has no row'],
  ['BR-S-02 BR-Z-02 BR-S-03 BR-E-03 BR-Z-03 BR-AE-03 BR-IC-03 BR-G-03 BR-O-03 BR-AF-03 BR-AG-03 BR-S-04 BR-E-04 BR-Z-04 BR-AE-04 BR-IC-04 BR-G-04 BR-O-04 BR-AF-04 BR-AG-04', 'the document has lines, an allowance and a charge of the category, and each asks for the parties'],
  ['BR-S-08 BR-O-08 BR-AF-08 BR-AG-08', 'the base of the row is a sum of what was changed'],
  ['BR-S-10', 'the standard rate has no reason of exemption'],
  ['BR-O-11 BR-O-12 BR-O-13 BR-O-14', 'CII tells a second category by two codes'],
  ['BR-Z-05 BR-Z-06 BR-Z-07', 'the other category has a rate, which what is outside of VAT has not'],
  ['BR-DE-19 BR-DE-20 DE-R-019 DE-R-020', 'where the account is missing it is no IBAN either'],
  ['BR-DE-27 BR-DE-28 DE-R-027 DE-R-028', 'what is missing does not have its form'],
  ['BR-DE-CVD-03', 'the only vehicle is no longer classified'],
  ['BR-DEX-09 BR-DEX-14', 'an amount that is missing is in no sum and no currency'],
  ['CII-SR-014 CII-SR-046 CII-SR-072 CII-SR-439 CII-SR-119 UBL-SR-07 UBL-SR-43 UBL-SR-52', 'the syntax binding says the same as the rule'],
  ['UBL-SR-20 UBL-SR-21', 'the official tests of the payee look at its name, too'],
  ['UBL-DT-01', 'UBL bounds the decimals of every amount'],
  ['FOLIO-EN-VAT-ID GR-R-001-2 GR-S-011', 'the VAT identifier does not have the form of its country, or no longer fits the number'],
  ['GR-S-008-1', 'two URLs are not one'],
  ['IS-R-010', 'no due date is before no day'],
  ['PEPPOL-COMMON-R049 SE-R-013', 'what is no Swedish organisation number has no check digit that fits'],
  ['PEPPOL-EN16931-R003', 'Peppol asks for the buyer reference, too'],
  ['FOLIO-DATE-FORMAT', 'the date has no form that is known'],
  ['PEPPOL-COMMON-R040', 'Peppol asks for the check digit of a GLN, too'],
  ['PEPPOL-EN16931-R007', 'a process that is missing has no form'],
  ['PEPPOL-EN16931-R044 PEPPOL-EN16931-R054', 'the same indicator, or the same total, is asked for by another rule'],
  ['PEPPOL-EN16931-R061', 'XRechnung has Peppol\'s rule on the mandate as well as its own'],
]);

const REFERENCES = ['CII-DT-016', 'CII-DT-017', 'CII-DT-019', 'CII-DT-020', 'CII-DT-023', 'CII-DT-025', 'CII-DT-026', 'CII-DT-027', 'CII-DT-028', 'CII-DT-029', 'CII-DT-030'];
/** What a mutation of the syntax binding breaks besides: the made element is also a term of the norm, whose value or content is then wrong. */
export const STRUCTURE_COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  'UBL-SR-07': ['BR-55'], 'UBL-SR-32': ['BR-S-10'], 'UBL-SR-37': ['FOLIO-AMOUNT-FORMAT'], 'UBL-SR-42': ['UBL-SR-12'], 'UBL-SR-49': ['BR-CL-06'],
  'UBL-CR-480': ['BR-CL-22'], 'UBL-CR-600': ['BR-CL-22'], 'UBL-CR-658': ['BR-53', 'BR-CL-05'], 'UBL-CR-659': ['UBL-SR-43'], 'UBL-CR-662': ['BR-CL-19'],
  'CII-SR-009': ['CII-SR-010'], 'CII-SR-440': ['CII-SR-119', 'FOLIO-AMOUNT-FORMAT'], 'CII-SR-463': ['BR-CO-11', 'BR-S-08'], 'CII-DT-052': ['BR-CL-22'],
  ...Object.fromEntries(REFERENCES.map((code) => [code, ['BR-52']])),
};
