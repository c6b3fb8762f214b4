import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/root.js';

const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Stage {
  readonly base: string;
  readonly name: string;
  readonly instructions: readonly { readonly word: string; readonly rest: string }[];
}

/** The stages of a Dockerfile; a backslash at the end of a line goes on in the next. */
function stagesOf(source: string): Stage[] {
  const lines = source.replaceAll(/\\\n/gu, ' ').split('\n').filter((line) => /^[A-Z]/u.test(line)).map((line) => ({ word: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1) }));
  return lines.reduce<Stage[]>((stages, instruction) => {
    if (instruction.word !== 'FROM') return [...stages.slice(0, -1), ...stages.slice(-1).map((last) => ({ ...last, instructions: [...last.instructions, instruction] }))];
    const [base = '', , name = ''] = instruction.rest.split(/\s+/u);
    return [...stages, { base, name, instructions: [] }];
  }, []);
}

const stages = stagesOf(text('Dockerfile'));
const all = stages.flatMap(({ instructions }) => instructions);
const last = stages.at(-1);
const of = (stage: Stage | undefined, word: string): string[] => (stage?.instructions ?? []).filter((instruction) => instruction.word === word).map(({ rest }) => rest);
const stage = (name: string): Stage | undefined => stages.find((candidate) => candidate.name === name);

describe('the Dockerfile', () => {
  it('has a stage that builds, one of production dependencies and one that runs, all on the pinned Node', () => {
    expect(stages.map(({ name }) => name)).to.deep.equal(['base', 'build', 'contract', 'production', 'runtime']);
    const { devDependencies } = JSON.parse(text('package.json')) as { devDependencies: Record<string, string> };
    for (const { base } of stages.filter((candidate) => stage(candidate.base) === undefined)) expect(base).to.equal(`node:${devDependencies['node']}-bookworm-slim`);
  });

  it('runs as nobody in particular: a number that is not root, in whatever ends up as a container', () => {
    for (const name of ['runtime', 'contract']) expect(of(stage(name), 'USER').at(-1), name).to.match(/^[1-9]\d*:[1-9]\d*$/u);
    expect(of(last, 'RUN').join()).to.match(/install -d -o 1000 -g 1000 -m 0700 \/data \/keys/u);
  });

  it('installs from the lock, runs no script of a dependency, and carries nothing of development', () => {
    const installs = all.filter(({ rest }) => rest.includes('npm ')).map(({ rest }) => rest);
    expect(installs).to.have.length(2);
    for (const command of installs) expect(command).to.match(/npm ci .*--ignore-scripts/u);
    expect(of(stage('production'), 'RUN')[0]).to.include('--omit=dev').and.to.include('--omit=optional');
    expect(of(stage('production'), 'RUN')[1]).to.include('rm -rf build/test');
    expect(of(last, 'COPY')).to.deep.equal(['--from=production /app ./']);
  });

  it('holds no secret, fetches nothing from the network by itself and takes nothing that moves', () => {
    expect(all.filter(({ word }) => word === 'ADD')).to.deep.equal([]);
    expect(text('Dockerfile')).not.to.match(/latest|curl|wget/u);
    expect(all.filter(({ word, rest }) => ['ENV', 'ARG'].includes(word) && /PASSWORD|SECRET|TOKEN|KEY(?!S=\/keys)/u.test(rest))).to.deep.equal([]);
  });

  it('starts the command line, which the build makes, and asks for its health', () => {
    expect(of(last, 'ENTRYPOINT').join()).to.include('"build/cli/main.js"');
    expect(existsSync(join(ROOT, 'build/cli/main.js'))).to.equal(true);
    expect(of(last, 'HEALTHCHECK').join()).to.include('"scripts/healthcheck.mjs"');
    const contract = JSON.parse(of(stage('contract'), 'CMD').join()) as string[];
    expect(existsSync(join(ROOT, contract.at(-1) ?? ''))).to.equal(true);
  });

  it('is given what it copies and what the compiler reads, and nothing else', () => {
    const given = text('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(text('.dockerignore')).to.match(/^\*$/mu);
    const { include } = JSON.parse(text('tsconfig.json')) as { include: string[] };
    const copied = all.filter(({ word, rest }) => word === 'COPY' && !rest.startsWith('--from') && rest !== '. .').flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    const missing = [...include, ...copied, 'tsconfig.json', 'scripts', '.mocharc.json'].filter((path) => !given.some((folder) => path === folder || path.startsWith(`${folder}/`)));
    expect(missing).to.deep.equal([]);
    expect(given.filter((path) => /^\.(?:env|git)|data|node_modules|build/u.test(path))).to.deep.equal([]);
  });
});

describe('the health check of a role', () => {
  const check = (port: number): Promise<number | null> => new Promise((resolve) => {
    spawn(process.execPath, [join(ROOT, 'scripts/healthcheck.mjs')], { env: { FOLIO_PORT: String(port) }, stdio: 'ignore' }).on('exit', (code) => resolve(code));
  });

  it('is content with a role that lives, and with nothing else', async () => {
    let status = 200;
    const asked: (string | undefined)[] = [];
    const server = createServer(({ url }, response) => {
      asked.push(url);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    expect(await check(port)).to.equal(0);
    status = 503;
    expect(await check(port)).to.equal(1);
    await new Promise<void>((resolve) => { server.close(() => resolve()); });
    expect(await check(port)).to.equal(1);
    expect(asked).to.deep.equal(['/health/live', '/health/live']);
  });
});
