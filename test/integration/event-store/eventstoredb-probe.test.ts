import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { probeEventStoreDb } from '#platform/event-store/eventstoredb/probe.js';
import { selfSigned } from '../../support/eventstoredb/certificate.js';
import { DoubleFixture } from '../../support/eventstoredb/stores.js';
import { newStream, someEvents } from '../../support/events.js';

describe('the settings of EventStoreDB', () => {
  const fixture = new DoubleFixture();
  let folder = '';
  let tls: { readonly cert: string; readonly key: string };
  let caFile = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folio-esdb-'));
    tls = await selfSigned();
    caFile = join(folder, 'ca.pem');
    await writeFile(caFile, tls.cert);
  });
  afterEach(() => fixture.close());
  after(() => rm(folder, { recursive: true }));

  /** `setting: sentence`, or ok. */
  const told = async (connectionString: string): Promise<string> => {
    const result = await probeEventStoreDb(connectionString, { deadlineMs: 1_000 });
    return result.ok ? 'ok' : `${result.setting}: ${result.sentence}`;
  };

  it('are right when the server gives its last event, plain or with TLS, an authority and a user', async () => {
    expect(await told((await fixture.double()).connectionString)).to.equal('ok');
    const double = await fixture.double({ tls, user: { name: 'admin', password: 'change:it' } });
    const secure = `esdb://admin:change%3Ait@localhost:${double.wire.port}?tlsCAFile=${encodeURIComponent(caFile)}`;
    expect(await told(secure)).to.equal('ok');
    const store = fixture.store({ connectionString: secure }, { appendDeadlineMs: 2_000 });
    const stream = newStream();
    expect(await store.append(stream, 'none', someEvents(1))).to.include({ outcome: 'appended', revision: 0 });
    expect(await store.readStream(stream)).to.have.length(1);
  });

  it('name the address when nothing listens there or the name is unknown', async () => {
    const double = await fixture.double();
    await double.wire.unplug();
    expect(await told(double.connectionString)).to.match(/^address: Nothing answers at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/u);
    expect(await told('esdb://no-such-host.invalid:2113?tls=false')).to.match(/^address: Nothing answers at no-such-host\.invalid:2113/u);
    await double.wire.plug();
  });

  it('name TLS when one side speaks it and the other does not', async () => {
    const [plain, secure] = [await fixture.double(), await fixture.double({ tls })];
    expect(await told(secure.connectionString)).to.match(/^tls: The server speaks TLS and the connection string says tls=false/u);
    expect(await told(`esdb://localhost:${plain.wire.port}`)).to.match(/^tls: The server speaks no TLS and the connection string does not say tls=false/u);
  });

  it('name the certificate when it is not trusted, and the file of the authority when it cannot be read', async () => {
    const { wire } = await fixture.double({ tls });
    expect(await told(`esdb://localhost:${wire.port}?tlsVerifyCert=false`)).to.match(/^certificate: .*not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*tlsVerifyCert=false has no effect/u);
    expect(await told(`esdb://localhost:${wire.port}?tlsCAFile=/no/such/file`)).to.equal('certificate: The file of tlsCAFile cannot be read: /no/such/file.');
  });

  it('name the credentials when they are wrong, missing, or never sent because TLS is off', async () => {
    const user = { name: 'admin', password: 'changeit' };
    const [secure, plain] = [await fixture.double({ tls, user }), await fixture.double({ user })];
    const at = (who: string): string => `esdb://${who}localhost:${secure.wire.port}?tlsCAFile=${encodeURIComponent(caFile)}`;
    expect(await told(at('admin:wrong@'))).to.match(/^credentials: The server does not accept the user and password/u);
    expect(await told(at(''))).to.match(/^credentials: The server wants credentials and the connection string has none/u);
    expect(await told(`esdb://admin:changeit@127.0.0.1:${plain.wire.port}?tls=false`)).to.match(/^credentials: .*with tls=false the client never sends/u);
  });

  it('name the server when something else answers, and the connection string when it cannot be read, never repeating a password', async () => {
    const other = createServer((socket) => void socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    expect(await told(`esdb://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}?tls=false`)).to.match(/^server: What answers there did not give its last event/u);
    other.close();
    for (const text of ['', 'http://127.0.0.1', 'esdb://', 'esdb://admin:geheim@:2113', 'esdb://admin:geheim@host:port', 'esdb://host:99999']) {
      expect(await told(text), text).to.match(/^connection string: /u).and.not.to.contain('geheim');
    }
    const { wire } = await fixture.double();
    expect(await told(`esdb://admin:geheim@127.0.0.1:${wire.port}?tls=false&defaultDeadline=soon`)).to.match(/^connection string: The client library refuses/u).and.not.to.contain('geheim');
  });
});
