import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Client } from '../../cli/client.js';
import { generatedCfdi } from '../../cli/demo/index.js';
import { cleanUp, folio, FolioProcess, type CliResult } from '../support/folio-process.js';
import { ROW_PROJECTIONS } from '../../projections/role.js';
import { ROOT } from '../support/root.js';
import { until } from '../support/until.js';

const EMAIL = 'admin@folio.example';
const PASSWORD = 'a test password of length';
const SLOW_MS = 60_000;

describe('the folio command line', function () {
  this.timeout(SLOW_MS);
  let running: FolioProcess;
  let client: Client;
  let id: string;
  before(async () => {
    running = await FolioProcess.start(await FolioProcess.folder(), { env: { FOLIO_ADMIN_PASSWORD: PASSWORD } });
    client = await running.client();
    id = await submit(1);
    await until(async () => (await client.get<{ status: string }>(`/api/v1/invoices/${id}`).catch(() => undefined))?.body.status === 'archived');
  });
  after(() => cleanUp(running.data, running));
  const submit = async (index: number): Promise<string> => (await client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index })), {})).body.id;
  const run = (...args: string[]): Promise<CliResult> => folio([...args, '--data', running.data], { env: { FOLIO_PASSWORD: PASSWORD } });
  const json = async (...args: string[]): Promise<unknown> => JSON.parse((await run(...args, '--json')).stdout) as unknown;

  it('shows an invoice with its verdict', async () => {
    const { code, stdout } = await run('show', id);
    expect([code, /^status +archived$/mu.test(stdout), stdout.includes('not checked:')]).to.deep.equal([0, true, true]);
    expect(await json('show', id)).to.have.nested.property('invoice.id', id);
  });

  it('shows an invoice as it was', async () => {
    const { items } = (await client.get<{ items: { position: string; type: string }[] }>(`/api/v1/invoices/${id}/events`)).body;
    const [first] = items;
    expect(await json('show', id, '--as-of', first?.position ?? '')).to.nested.include({ 'invoice.status': 'pending', 'asOf': first?.position });
    const { code, stdout } = await run('show', id, '--as-of', new Date().toISOString());
    expect([code, /^status +archived$/mu.test(stdout), stdout.startsWith(`as of           position ${items.at(-1)?.position}\n`)]).to.deep.equal([0, true, true]);
    for (const [moment, problem] of [['0', 'invoice-unknown'], ['9999999', 'until-invalid'], ['yesterday', 'query-invalid']] as const) {
      const refused = await run('show', id, '--as-of', moment);
      expect([refused.code, refused.stdout]).to.deep.equal([3, '']);
      expect(refused.stderr).to.match(new RegExp(`^folio: .*\\(${problem}\\)\n$`, 'u'));
    }
  });

  it('is the same through its file, as `npx` runs it', async () => {
    const child = spawn(join(ROOT, 'scripts/folio.mjs'), ['show', id, '--json', '--data', running.data], { stdio: ['ignore', 'pipe', 'inherit'] });
    const parts: Buffer[] = [];
    for await (const part of child.stdout as AsyncIterable<Buffer>) parts.push(part);
    expect(JSON.parse(Buffer.concat(parts).toString())).to.have.nested.property('invoice.id', id);
  });

  it('says in one line what it could not find, and fails', async () => {
    const { code, stdout, stderr } = await run('show', '00000000-0000-4000-8000-000000000000');
    expect([code, stdout]).to.deep.equal([3, '']);
    expect(stderr).to.match(/^folio: .*\(invoice-unknown\)\n$/u);
  });

  it('searches, and says with its exit code whether there was anything', async () => {
    expect(await json('search', id)).to.include({ total: 1 });
    const uuid = ((await json('show', id)) as { invoice: { uuid: string } }).invoice.uuid;
    const found = await run('search', uuid.replaceAll('-', ''));
    expect([found.code, found.stdout.includes(id), /^1 found$/mu.test(found.stdout)]).to.deep.equal([0, true, true]);
    expect((await run('search', 'nosuchwordanywhere')).code).to.equal(1);
  });

  it('lists every projection with its position', async () => {
    const { code, stdout } = await run('projections');
    expect(code).to.equal(0);
    const names = ((await json('projections')) as { items: { name: string }[] }).items.map(({ name }) => name);
    expect(names).to.include.members(['invoice-summary', 'invoice-search', 'users', 'daily-report', 'hot-cache']);
    for (const name of names) expect(stdout).to.match(new RegExp(`^${name} +g\\d+ +position +\\d+`, 'mu'));
  });

  it('tells of every lane where it is asked to', async () => {
    const { stdout } = await run('projections', '--lanes');
    for (const lane of ['v1/fiscal-invoice/0', 'v1/fiscal-invoice/11', 'v1/auth-events/3']) expect(stdout).to.match(new RegExp(`^ {2}${lane} +position +\\d+ .* events/s +embedded$`, 'mu'));
    const { items } = (await json('projections')) as { items: { name: string; state: string; workers: number; parkedStreams: number; stalled: boolean; outcomes: { applied: number } }[] };
    for (const item of items) expect(item).to.include({ state: 'running', workers: 1, parkedStreams: 0, stalled: false });
    expect(items.find(({ name }) => name === 'invoice-summary')?.outcomes.applied).to.be.at.least(4);
  });

  it('watches projections until Ctrl-C: a line per second where nobody looks', async () => {
    const child = spawn(process.execPath, [join(ROOT, 'build/cli/main.js'), 'projections', '--watch', '--json', '--data', running.data], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<number | string>((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal ?? '')));
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    await until(() => output.split('\n').length > 2);
    child.kill('SIGINT');
    expect(await ended).to.equal(0);
    for (const line of output.trimEnd().split('\n')) expect((JSON.parse(line) as { items: { name: string }[] }).items.map(({ name }) => name)).to.include.members([...ROW_PROJECTIONS.map(({ name }) => name), 'hot-cache']);
  });

  it('puts the signals of projections into the metrics', async () => {
    const text = await (await fetch(new URL('/metrics', client.url))).text();
    for (const name of ['seconds_behind', 'events_behind', 'stalled', 'workers', 'parked_streams', 'oldest_parked_seconds']) expect(text).to.match(new RegExp(`^folio_projection_${name}\\{projection="invoice-summary"\\} \\d`, 'mu'));
    expect(text).to.match(/^folio_projection_lane_events_per_second\{projection="invoice-summary",lane="v1\/fiscal-invoice\/0"\} \d/mu);
  });

  it('follows the log until Ctrl-C, from where it is told', async () => {
    const child = spawn(process.execPath, [join(ROOT, 'build/cli/main.js'), 'tail', '--from', '0', '--types', 'fiscal.', '--json', '--data', running.data], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<number | string>((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal ?? '')));
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    const typesOf = (): string[] => output.split('\n').slice(0, -1).map((line) => (JSON.parse(line) as { type: string }).type);
    await until(() => typesOf().includes('fiscal.invoice.archived'));
    const before = typesOf().length;
    await submit(2);
    await until(() => typesOf().slice(before).includes('fiscal.invoice.archived'));
    child.kill('SIGINT');
    expect(await ended).to.equal(0);
    expect(typesOf().slice(before)).to.deep.equal(['fiscal.invoice.created', 'fiscal.invoice.processing-started', 'fiscal.invoice.validated', 'fiscal.invoice.archived']);
  });

  it('gives a token that the API takes, and a new password that replaces the old one', async () => {
    const { code, stdout } = await run('token', '--email', EMAIL);
    const asUser = (token: string): Promise<Response> => fetch(new URL('/api/v1/auth/users', client.url), { headers: { authorization: `Bearer ${token.trim()}` } });
    expect([code, (await asUser(stdout)).status]).to.deep.equal([0, 200]);
    const { password } = (await json('token', '--email', EMAIL, '--reset')) as { password: string };
    expect((await run('token', '--email', EMAIL)).code).to.equal(3);
    const again = await folio(['token', '--email', EMAIL, '--data', running.data], { env: { FOLIO_PASSWORD: password } });
    expect([again.code, (await asUser(again.stdout)).status]).to.deep.equal([0, 200]);
  });

  it('looks at everything an operator would ask about', async () => {
    const { code, stdout } = await run('doctor');
    expect(stdout).not.to.match(/^BAD/mu);
    for (const name of ['event-store', 'object-store', 'disk', 'node', 'projection invoice-summary', 'settings in force']) expect(stdout).to.contain(name);
    expect(stdout).not.to.contain(PASSWORD);
    expect(code).to.equal(0);
    expect(((await json('doctor')) as { ok: boolean }[]).every(({ ok }) => ok)).to.equal(true);
  });

  it('helps after a wrong word, a wrong option and a missing one', async () => {
    const wrong = await folio(['serch', 'x']);
    expect([wrong.code, /Did you mean search\?/u.test(wrong.stderr)]).to.deep.equal([2, true]);
    expect((await folio(['projections', '--jsn'])).code).to.equal(2);
    expect((await folio(['token'])).code).to.equal(2);
    expect((await folio(['--help'])).code).to.equal(0);
  });
});
