import type { InvoiceFilter } from '#contracts/queries.js';

/** A filter as SQL over the columns that the summary and the search table have in common, its parameters numbered after those given. */
export function filterConditions(filter: InvoiceFilter, values: unknown[], codes: (parameter: string) => string): string[] {
  const conditions: string[] = [];
  const add = (value: unknown, sql: (parameter: string) => string): void => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(sql(`$${values.length}`));
  };
  add(filter.status, (parameter) => `status = ${parameter}`);
  add(filter.issuer, (parameter) => `issuer_id = ${parameter}`);
  add(filter.receiver, (parameter) => `receiver_id = ${parameter}`);
  add(filter.from, (parameter) => `issuance_day >= ${parameter}`);
  add(filter.to, (parameter) => `issuance_day <= ${parameter}`);
  add(filter.minTotal, (parameter) => `total >= ${parameter}::numeric`);
  add(filter.maxTotal, (parameter) => `total <= ${parameter}::numeric`);
  add(filter.currency, (parameter) => `currency = ${parameter}`);
  add(filter.documentType, (parameter) => `document_type = ${parameter}`);
  add(filter.format, (parameter) => `format = ${parameter}`);
  add(filter.code, codes);
  add(filter.uuid?.toUpperCase(), (parameter) => `upper(uuid) = ${parameter}`);
  return conditions;
}
