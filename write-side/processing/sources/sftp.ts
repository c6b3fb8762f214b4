import type { SftpFetcher } from '#platform/outbound/sftp.js';
import type { DocumentSource } from './port.js';

export const sftpSource = (fetcher: SftpFetcher): DocumentSource => ({
  schemes: ['sftp:'],
  fetch: (url, consume, signal) => fetcher.fetch(url, consume, signal),
});
