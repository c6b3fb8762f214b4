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
  /** `ValidacionEFOS`: 200 where neither issuer nor third parties are on the list of article 69-B, otherwise who is. */
  taxpayerList: text(100).exactOptional(),
});
export type AuthorityAnswer = z.infer<typeof authorityAnswer>;

/** Codes under which invoices are found whose authority said something else than that they stand. Remarks: they block nothing and are part of no verdict. */
export const AUTHORITY_CODES = { 'cancelled': 'FOLIO-AUTHORITY-CANCELLED', 'not-found': 'FOLIO-AUTHORITY-NOT-FOUND' } as const satisfies Partial<Record<AuthorityState, string>>;
