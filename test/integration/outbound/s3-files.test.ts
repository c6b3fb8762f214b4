import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { expect } from 'chai';
import { parseS3Address } from '#platform/object-store/s3-address.js';
import { S3FileFetcher, type S3FileLimits } from '#platform/outbound/s3-files.js';
import { codeOf } from '../../support/until.js';

const never = new AbortController().signal;
const textOf = async (body: Readable): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of body as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
};

describe('fetching objects from S3', () => {
  const open: { close(): unknown }[] = [];
  afterEach(() => { for (const item of open.splice(0)) item.close(); });
  const fetcherOf = async (listener: RequestListener, limits: Partial<S3FileLimits> = {}): Promise<S3FileFetcher> => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const fetcher = new S3FileFetcher([parseS3Address(`http://key:secret@127.0.0.1:${(server.address() as AddressInfo).port}/inbox`)], limits);
    open.push(fetcher, { close: () => { server.closeAllConnections(); server.close(); } });
    return fetcher;
  };

  it('brings an object, asked for with a signature', async () => {
    let asked = '';
    const fetcher = await fetcherOf((request, response) => {
      asked = `${request.url?.split('?')[0]} ${String(request.headers.authorization).split(' ')[0]}`;
      response.end('<a/>');
    });
    expect(await fetcher.fetch('s3://inbox/2026/a%20b.xml', textOf, never)).to.equal('<a/>');
    expect(asked).to.equal('/inbox/2026/a%20b.xml AWS4-HMAC-SHA256');
  });

  it('knows only the buckets that the operator named', async () => {
    const fetcher = await fetcherOf((_request, response) => response.end('secret'));
    for (const url of ['s3://other/a.xml', 's3://inbox/', 's3://inbox', 's3://inbox/a?x=1', 's3://key:secret@inbox/a', 's3://INBOX/a', 's3://inbox/%E0%A4', 'https://inbox/a']) {
      expect(await codeOf(fetcher.fetch(url, textOf, never)), url).to.equal('url-not-allowed');
    }
  });

  it('tells what is not there from what may pass', async () => {
    const fetcher = await fetcherOf((request, response) => response.writeHead(request.url?.includes('gone') === true ? 404 : 503).end());
    const final = (key: string): Promise<unknown> => fetcher.fetch(`s3://inbox/${key}`, textOf, never).catch((error: unknown) => (error as { detail: { final?: boolean } }).detail.final);
    expect([await final('gone'), await final('busy')]).to.deep.equal([true, false]);
  });

  it('does not wait for a store that falls silent in the middle, nor take half an object for the whole', async () => {
    const fetcher = await fetcherOf((_request, response) => response.writeHead(200, { 'content-length': '5000' }).write('<a>'), { totalTimeoutMs: 300 });
    expect(await codeOf(fetcher.fetch('s3://inbox/a.xml', textOf, never))).to.equal('fetch-failed');
    const cut = await fetcherOf((_request, response) => { response.writeHead(200, { 'content-length': '5000' }).write('<a>', () => response.destroy()); });
    expect(await codeOf(cut.fetch('s3://inbox/a.xml', textOf, never))).to.equal('fetch-failed');
  });
});
