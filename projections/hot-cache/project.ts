import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { invoiceSummary } from '../invoice-summary/project.js';
import type { Projection } from '../kit/projection.js';

/** The invoice page's row, close to the reader: the same fold as the summary, in a store that may lose it at any time. */
export const hotCache: Projection<InvoiceSummary> = { ...invoiceSummary, name: 'hot-cache', rowsOf: invoiceSummary.name };

/** Rows of the summary's generation `g` are cached under `g<g>:<id>`, so that a switch begins with an empty cache. */
export const cacheKey = (generation: number, id: string): string => `g${generation}:${id}`;
