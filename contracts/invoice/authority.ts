import { z } from 'zod';
import { text } from '../scalars.js';

/** What an authority says of a document that it has stamped: it stands, it was cancelled, or nobody there knows it. */
export const AUTHORITY_STATUSES = ['in-force', 'cancelled', 'not-found'] as const;
export type AuthorityState = (typeof AUTHORITY_STATUSES)[number];

/** An answer of the authority's service; `said` fields are its own words. Source: SAT, ConsultaCFDIService. */
export const authorityAnswer = z.strictObject({
  status: z.enum(AUTHORITY_STATUSES),
  /** `CodigoEstatus` */
  code: text(200),
  /** `EsCancelable` */
  cancellable: text(100).exactOptional(),
  /** `EstatusCancelacion` */
  cancellation: text(100).exactOptional(),
  /** `ValidacionEFOS`: whether issuer or third parties are on the list of article 69-B. */
  taxpayerList: text(100).exactOptional(),
});
export type AuthorityAnswer = z.infer<typeof authorityAnswer>;

/** Codes under which invoices are found whose authority said something else than that they stand. Remarks: they block nothing and are part of no verdict. */
export const AUTHORITY_CODES = { 'cancelled': 'FOLIO-AUTHORITY-CANCELLED', 'not-found': 'FOLIO-AUTHORITY-NOT-FOUND', 'listed': 'FOLIO-AUTHORITY-LISTED' } as const;

/** `ValidacionEFOS` of a document whose parties are not on the list of article 69-B: 200, and 201 where third parties were looked up as well. Those who are have 100 to 104. */
const NOT_LISTED = /^2\d\d$/u;

/** The codes of an answer, in order; none of one that stands and names nobody who is listed. */
export function authorityCodes({ status, taxpayerList = '200' }: AuthorityAnswer): readonly string[] {
  return [...(status === 'in-force' ? [] : [AUTHORITY_CODES[status]]), ...(NOT_LISTED.test(taxpayerList) ? [] : [AUTHORITY_CODES.listed])];
}

/** Whether two answers say the same about the document. Whether it could be cancelled, and how, changes with its age alone. */
export const saysTheSame = (one: AuthorityAnswer, other: AuthorityAnswer): boolean => one.status === other.status && one.cancellation === other.cancellation && one.taxpayerList === other.taxpayerList;
