import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { expect } from 'chai';
import { isPublicAddress } from '#platform/outbound/address.js';
import { OutboundFetcher, type OutboundLimits } from '#platform/outbound/fetch-file.js';
import { codeOf } from '../../support/until.js';

const never = new AbortController().signal;
const text = async (body: Readable): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of body as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
};

describe('fetching files from addresses that strangers wrote', () => {
  const open: { close(): unknown }[] = [];
  const serve = async (listener: RequestListener): Promise<string> => {
    const server: Server = createServer(listener);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    open.push({ close: () => { server.closeAllConnections(); server.close(); } });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const fetcher = (limits: Partial<OutboundLimits> = {}): OutboundFetcher => {
    const made = new OutboundFetcher(limits);
    open.push(made);
    return made;
  };
  afterEach(async () => { for (const item of open.splice(0)) await item.close(); });

  it('brings the body of a host that the operator allowed', async () => {
    const host = await serve((_request, response) => response.end('<a/>'));
    expect(await fetcher({ allowedPrivateHosts: [host] }).fetch(`http://${host}/a.xml`, text, never)).to.equal('<a/>');
  });

  it('refuses private addresses however they are written, other schemes and credentials', async () => {
    const host = await serve((_request, response) => response.end('secret'));
    const port = host.split(':')[1] ?? '';
    for (const url of [`http://${host}/`, `http://localhost:${port}/`, `http://[::1]:${port}/`, `http://[::ffff:127.0.0.1]:${port}/`, `http://2130706433:${port}/`, `http://0x7f.1:${port}/`, 'http://169.254.169.254/latest', 'http://10.0.0.1/', 'http://0.0.0.0/', 'ftp://files.example/a', 'file:///etc/passwd', 'http://user:secret@files.example/', 'no address']) {
      expect(await codeOf(fetcher().fetch(url, text, never)), url).to.equal('url-not-allowed');
    }
  });

  it('checks every redirect again and follows only a few', async () => {
    const inner = await serve((_request, response) => response.end('secret'));
    const outer = await serve((request, response) => response.writeHead(302, { location: request.url === '/loop' ? '/loop' : `http://${inner}/` }).end());
    const limited = fetcher({ allowedPrivateHosts: [outer] });
    expect(await codeOf(limited.fetch(`http://${outer}/`, text, never))).to.equal('url-not-allowed');
    expect(await codeOf(limited.fetch(`http://${outer}/loop`, text, never))).to.equal('fetch-failed');
  });

  it('tells a final refusal from one that may pass', async () => {
    const host = await serve((request, response) => response.writeHead(request.url === '/gone' ? 404 : 503).end());
    const allowed = fetcher({ allowedPrivateHosts: [host] });
    const detail = async (path: string): Promise<unknown> => allowed.fetch(`http://${host}${path}`, text, never).catch((error: unknown) => (error as { detail: { final?: boolean } }).detail.final);
    expect([await detail('/gone'), await detail('/busy')]).to.deep.equal([true, false]);
  });

  it('does not wait for a host that never answers', async () => {
    const host = await serve(() => undefined);
    expect(await codeOf(fetcher({ allowedPrivateHosts: [host], totalTimeoutMs: 50 }).fetch(`http://${host}/`, text, never))).to.equal('fetch-failed');
  });

  it('stops asking a host that keeps failing, and leaves the others alone', async () => {
    let asked = 0;
    const bad = await serve((_request, response) => { asked += 1; response.writeHead(500).end(); });
    const good = await serve((_request, response) => response.end('<a/>'));
    const limited = fetcher({ allowedPrivateHosts: [bad, good], breakerFailures: 3 });
    for (let index = 0; index < 6; index += 1) expect(await codeOf(limited.fetch(`http://${bad}/`, text, never))).to.equal('fetch-failed');
    expect(asked).to.equal(3);
    expect(await limited.fetch(`http://${good}/`, text, never)).to.equal('<a/>');
  });

  it('knows which addresses are public', () => {
    for (const address of ['8.8.8.8', '2606:4700::1111']) expect(isPublicAddress(address), address).to.equal(true);
    for (const address of ['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '::1', 'fe80::1', 'fd00::1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', 'nonsense']) expect(isPublicAddress(address), address).to.equal(false);
  });
});
