import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { readCompose } from '../support/compose/file.js';
import { ROOT } from '../support/root.js';

const FOLDER = '.github/workflows';
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const permissions = z.record(z.string(), z.enum(['read', 'none', 'write']));
const environment = z.record(z.string(), z.string());
const step = z.strictObject({ name: z.string().optional(), if: z.string().optional(), uses: z.string().optional(), run: z.string().optional(), with: z.record(z.string(), z.unknown()).optional() })
  .refine(({ uses, run }) => (uses === undefined) !== (run === undefined), 'a step uses or runs');
const container = z.strictObject({ image: z.string(), env: environment, ports: z.array(z.string()), options: z.string() });
const job = z.strictObject({
  'name': z.string(), 'runs-on': z.string(), 'timeout-minutes': z.int().min(1).max(60), permissions, 'strategy': z.strictObject({ 'fail-fast': z.boolean(), 'matrix': z.record(z.string(), z.array(z.string())) }).optional(),
  'services': z.record(z.string(), container).optional(), 'env': environment.optional(), 'steps': z.array(step).min(1),
});
const workflow = z.strictObject({
  name: z.string(), on: z.record(z.string(), z.unknown()), permissions, concurrency: z.strictObject({ 'group': z.string(), 'cancel-in-progress': z.boolean() }), jobs: z.record(z.string(), job),
});

const workflows = readdirSync(join(ROOT, FOLDER)).map((name) => ({ path: join(FOLDER, name), ...workflow.parse(parse(text(join(FOLDER, name)))) }));
const jobs = workflows.flatMap((file) => Object.entries(file.jobs).map(([name, body]) => ({ name, body })));
const jobOf = (name: string) => jobs.find((candidate) => candidate.name === name)?.body;
const runs = (name: string): string => (jobOf(name)?.steps ?? []).map(({ run }) => run ?? '').join('\n');

describe('the workflows', () => {
  it('have the jobs check, engines, containers, eventstore and compose, each bounded in time and allowed to read only', () => {
    expect(jobs.map(({ name }) => name)).to.include.members(['check', 'engines', 'containers', 'eventstore', 'compose']);
    for (const { name, body } of jobs) expect(body.permissions, name).to.deep.equal({ contents: 'read' });
    for (const file of workflows) expect(file.permissions, file.path).to.deep.equal({ contents: 'read' });
  });

  it('take actions by commit, with the version beside it, and a runner that does not move', () => {
    for (const { path } of workflows) for (const [, action] of text(path).matchAll(/uses: (.+)/gu)) expect(action, path).to.match(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/u);
    for (const { name, body } of jobs) expect(body['runs-on'], name).to.match(/-\d+\.\d+$/u);
    for (const { body } of jobs) for (const { uses, with: options } of body.steps) if (uses?.startsWith('actions/checkout@')) expect(options).to.deep.equal({ 'persist-credentials': false });
  });

  it('give no text of a stranger to a shell', () => {
    for (const { path } of workflows) expect(text(path), path).not.to.match(/pull_request_target|run:.*\$\{\{\s*github\.(?:event|head_ref)/u);
  });

  it('run the contract suite against the KurrentDB of docker-compose.yml, with its settings', () => {
    const server = jobOf('eventstore')?.services?.['eventstore'];
    const { image, environment: settings } = readCompose(text('docker-compose.yml')).services['eventstore'] ?? {};
    expect(server?.image).to.equal(image);
    expect(server?.env).to.deep.equal(settings);
    expect(server?.options).to.include('--health-cmd "curl -fsS http://localhost:2113/health/live"');
    expect(jobOf('eventstore')?.env).to.deep.equal({ FOLIO_TEST_EVENTSTORE: 'esdb://localhost:2113?tls=false' });
    const spec = /npm test -- (\S+)/u.exec(runs('eventstore'))?.[1] ?? '';
    expect(existsSync(join(ROOT, spec))).to.equal(true);
  });

  it('check, build and start the composition, and ask it through the gateway', () => {
    const said = runs('compose');
    for (const command of ['docker compose --profile \'*\' config --quiet', 'docker compose build', 'docker compose up --detach --wait', 'http://127.0.0.1:4400/health/ready', 'docker compose run --rm --build event-store-contract']) expect(said).to.include(command);
  });

  it('run all tests with the oldest Node that is promised, with and without engines', () => {
    const { engines } = JSON.parse(text('package.json')) as { engines: { node: string } };
    const oldest = engines.node.replace('>=', '');
    expect(jobOf('check')?.strategy?.matrix['node']).to.include(oldest);
    for (const name of ['check', 'engines']) expect(runs(name), name).to.include('.ci/run');
    expect(['check', 'engines', 'containers'].map((name) => jobOf(name)?.env?.['FOLIO_TEST_DOCKER'])).to.deep.equal(['off', 'off', undefined]);
    expect(runs('containers')).to.include('npm test');
    expect(runs('engines')).to.include('redis-server').and.to.include('engines start kafka opensearch redis');
  });
});
