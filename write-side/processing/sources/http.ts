import type { OutboundFetcher } from '#platform/outbound/fetch-file.js';
import type { DocumentSource } from './port.js';

export const httpSource = (fetcher: OutboundFetcher): DocumentSource => ({
  schemes: ['http:', 'https:'],
  fetch: (url, consume, signal) => fetcher.fetch(url, consume, signal),
});
