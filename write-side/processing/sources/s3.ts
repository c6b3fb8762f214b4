import type { S3FileFetcher } from '#platform/outbound/s3-files.js';
import type { DocumentSource } from './port.js';

export const s3Source = (fetcher: S3FileFetcher): DocumentSource => ({
  schemes: ['s3:'],
  fetch: (url, consume, signal) => fetcher.fetch(url, consume, signal),
});
