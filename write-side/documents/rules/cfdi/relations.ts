import { catalogued, checkCode, COMPROBANTE, dayOfIssue, row, type CfdiRule } from './rule.js';

const checkRelation: CfdiRule['check'] = (document, report, context) => {
  const day = dayOfIssue(document);
  document.related.forEach(({ attributes }, index) =>
    checkCode('c_TipoRelacion', attributes.TipoRelacion, () => `${COMPROBANTE}/CfdiRelacionados[${index + 1}]/@TipoRelacion`, day, report, context));
};

export const RELATION_RULES: readonly CfdiRule[] = [
  row('CFDI40137', 'TipoRelacion', catalogued(checkRelation), 'El tipo de relación no es del catálogo.', 'The kind of relation is not in the catalogue.'),
];
