import { AssertionError } from 'node:assert';
import { expect } from 'chai';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { DailyTally, ReportEntry, UserRow } from '#contracts/read-models/other.js';
import { column, type TableSpec } from '#contracts/read-models/tables/table.js';
import type { DomainEvent } from '#contracts/events/index.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { dailyTallies } from '../../../projections/daily-report/tallies.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import type { ProjectedRow, Projection, RowProjection, Tallies } from '../../../projections/kit/projection.js';
import {
  archived, created, invoice, processingStarted, Proof, projectionSuite, registered, reinstated, roleChanged, stream, suspended, unchecked, user, validated, type Given, type ProjectionCases, type StreamFacts,
} from '../../../projections/kit/testing/index.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { USERS } from '../../../projections/users/store.js';
import { freshDatabase } from '../../support/postgres.js';

type Evolve = (row: UserRow | undefined, event: DomainEvent) => UserRow;

/** The users' projection with another fold, or with other columns. */
const folding = (evolve: Evolve): RowProjection<UserRow> => ({ ...USERS, evolve });
const inTable = (changes: Partial<TableSpec<UserRow>>): RowProjection<UserRow> => ({ ...USERS, table: { ...USERS.table, ...changes } });
const counting = (changes: Partial<Tallies<ReportEntry, DailyTally>>): RowProjection<ReportEntry, DailyTally> => ({ ...DAILY_REPORT, tallies: { ...dailyTallies, ...changes } });
const withColumn = (name: string, type: string, encode: (row: UserRow) => string | null): readonly TableSpec<UserRow>['columns'][number][] =>
  USERS.table.columns.map((one) => (one.name === name ? column(name, type, encode) : one));

/** It counts its events beside the row: right for as long as nothing was stored in between. */
function remembering(): RowProjection<UserRow> {
  const steps = new WeakMap<UserRow, number>();
  return folding((row, event) => {
    const step = (row ? (steps.get(row) ?? 0) : 0) + 1;
    const next = { ...USERS.evolve(row, event), name: String(step) };
    steps.set(next, step);
    return next;
  });
}

const ANA = user('ana', registered(), roleChanged('analyst'), suspended());
const BEA = user('bea', registered({ email: 'bea@example.org' }), suspended());
const ARCHIVED = invoice('A', created(), processingStarted(), validated(), archived());

interface Ran {
  readonly title: string;
  readonly run: () => Promise<void> | void;
}

/** Making a database costs more than most of these tests: each suite finds those of the one before, and makes its tables anew. */
const shards: Promise<ConnectionSettings>[] = [];
function sameDatabases(): () => Promise<ConnectionSettings> {
  let asked = 0;
  return () => (shards[asked++] ??= freshDatabase());
}

/** The cases of a suite, run by hand. */
async function suiteOf<Row extends ProjectedRow, Tally>(projection: Projection<Row> | RowProjection<Row, Tally>, body: (kit: ProjectionCases<Row, Tally>) => Promise<unknown>): Promise<void> {
  const afters: (() => Promise<void>)[] = [];
  let cases: ProjectionCases<Row, Tally> | undefined;
  projectionSuite({ describe: (_, run) => run(), it: () => undefined, after: (run) => afters.push(run) }, { database: sameDatabases(), seed: 7 })<Row, Tally>(projection, (kit) => (cases = kit));
  if (!cases) throw new Error('the suite did not begin');
  await body(cases).finally(() => Promise.all(afters.map((close) => close())));
}

/** What the kit says of it. */
async function saidOf<Row extends ProjectedRow, Tally>(projection: Projection<Row> | RowProjection<Row, Tally>, declare: (given: (...streams: readonly StreamFacts[]) => Given<Row, Tally>) => Promise<void>): Promise<string> {
  let said = 'nothing: it passed';
  await suiteOf(projection, async ({ given }) => {
    try {
      await declare(given);
    } catch (error) {
      said = error instanceof AssertionError ? error.message : `not an AssertionError: ${String(error)}`;
    }
  });
  return said;
}

function itsOf<Row extends ProjectedRow>(projection: Projection<Row>): readonly Ran[] {
  const its: Ran[] = [];
  projectionSuite({ describe: (_, run) => run(), it: (title, run) => its.push({ title, run }), after: () => undefined }, { database: freshDatabase })(projection, () => undefined);
  return its;
}

describe('the test kit for projections refuses', () => {
  const both = (given: (...streams: readonly StreamFacts[]) => Given<UserRow, unknown>): Promise<void> => given(ANA, BEA).then([{ id: 'ana' }, { id: 'bea' }]);

  it('a fold that looks at the clock, at chance, or makes ids', async () => {
    const impure: readonly [string, () => string][] = [
      ['Date.now()', () => new Date(Date.now()).toISOString()], ['new Date()', () => new Date().toISOString()], ['Math.random()', () => String(Math.random())], ['crypto.randomUUID()', () => crypto.randomUUID()],
    ];
    for (const [call, ask] of impure) {
      const said = await saidOf(folding((row, event) => ({ ...USERS.evolve(row, event), updatedAt: ask() })), both);
      expect(said).to.match(/^evolve of users at auth\.user\.registered \(user ana, revision 0\) asks /u).and.to.include(call).and.to.include('event.occurredAt');
    }
    expect(Date.now.name, 'the clock is given back').to.equal('now');
    expect(Date.name).to.equal('Date');
  });

  it('a fold that changes the row, or the event, that it was given', async () => {
    const ofRow = folding((row, event) => (row ? Object.assign(row, USERS.evolve(row, event)) : USERS.evolve(row, event)));
    expect(await saidOf(ofRow, both)).to.match(/^evolve of users at auth\.user\.role-changed \(user ana, revision 1\) changes the row or the event that it was given .*Return a new row/u);
    const ofEvent = folding((row, event) => { Object.assign(event.data, { seen: true }); return USERS.evolve(row, event); });
    expect(await saidOf(ofEvent, both)).to.include('changes the row or the event that it was given');
  });

  it('a fold that remembers something from call to call', async () => {
    let calls = 0;
    const said = await saidOf(folding((row, event) => ({ ...USERS.evolve(row, event), name: String(calls += 1) })), both);
    expect(said).to.include('gives two different rows for the same row and the same event: it remembers something outside of the row');
  });

  it('a fold that depends on what else was folded before', async () => {
    let [current, previous] = ['', ''];
    const afterAnother = folding((row, event) => {
      if (event.stream !== current) [current, previous] = [event.stream, current];
      return { ...USERS.evolve(row, event), name: previous };
    });
    const said = await saidOf(afterAnother, (given) => given(user('eva', registered()), ANA, BEA).then([{ id: 'eva' }, { id: 'ana' }, { id: 'bea' }]));
    expect(said).to.match(/^rows differ when the worker applies everything in one batch\n/u);
  });

  it('a fold that goes on only from a row that was not stored in between, and tells the batches to try it with again', async () => {
    const said = await saidOf(remembering(), (given) => given(user('ana', registered(), ...Array.from({ length: 12 }, () => suspended()))).then([{ name: '13' }]));
    expect(said).to.match(/^rows differ when the same events come in other batches, some of them again.*\npositions [\d… ,a-z]+; again with \{ seed: 7 \}\n/u);
  });

  it('a row at another place than its event', async () => {
    const said = await saidOf(folding((row, event) => ({ ...USERS.evolve(row, event), month: '2026-04-01' })), both);
    expect(said).to.include('must give the row the place of the event: id from the stream, month, shardKey, revision and position');
  });

  it('a column that Postgres prints in another form than it was written in, by its name', async () => {
    const said = await saidOf(inTable({ columns: withColumn('tier', 'numeric', () => '007.50'), parse: (values) => ({ ...USERS.table.parse(values), tier: 'free' }) }), both);
    expect(said).to.equal('nothing: it passed', 'a column that parse does not read is only written');
    const read = await saidOf(inTable({ columns: withColumn('name', 'jsonb', (row) => row.name) }), (given) => given(user('ana', registered({ name: '{"b":1,"a":2}' }))).then([{ id: 'ana' }]));
    expect(read).to.equal('column name (jsonb): "{"b":1,"a":2}" is written, "{"a": 2, "b": 1}" comes back and is written as "{"a": 2, "b": 1}" the next time. Write the form that Postgres prints (plainAmount, plainInstant), and parse every column.');
  });

  it('a row that Postgres does not take, also one that is gone with the next event', async () => {
    const tooLong = inTable({ columns: withColumn('name', 'int', (row) => (row.status === 'suspended' ? '99999999999' : '1')), parse: (values) => ({ ...USERS.table.parse(values), name: 'Ana' }) });
    const said = await saidOf(tooLong, (given) => given(user('ana', registered(), suspended(), reinstated())).then([{ id: 'ana' }]));
    expect(said).to.match(/^table users: Postgres refuses the row of revision 1 \(.*99999999999.*\)\. Whatever the fold makes/u);
  });

  it('an encode that parse does not undo, by the fields', async () => {
    const said = await saidOf(inTable({ columns: withColumn('email', 'text', (row) => row.email.toUpperCase()) }), both);
    expect(said).to.match(/^table users: email of a row comes back as something else than was folded\./u);
  });

  it('an event type that is in no list, in both, or of another topic', async () => {
    const listOf = async (changes: Partial<RowProjection<UserRow>>): Promise<unknown> => {
      const [first] = itsOf({ ...USERS, ...changes });
      expect(first?.title).to.equal('handles or ignores every event type of its topics exactly once');
      try { await first?.run(); } catch (error) { return (error as Error).message; }
      return 'passed';
    };
    expect(await listOf({ handles: USERS.handles.slice(1) })).to.equal('users neither handles nor ignores: auth.user.registered');
    expect(await listOf({ ignores: [...USERS.ignores, 'auth.user.registered'] })).to.equal('users lists twice: auth.user.registered');
    expect(await listOf({ ignores: [...USERS.ignores, 'fiscal.invoice.created'] })).to.equal('users lists types that no topic of its has: fiscal.invoice.created');
    expect(await listOf({})).to.equal('passed');
  });

  it('tallies that do not add up, by the law that they break', async () => {
    const said = (changes: Partial<Tallies<ReportEntry, DailyTally>>): Promise<string> => saidOf(counting(changes), (given) => given(ARCHIVED).then([{ id: 'A' }]));
    expect(await said({})).to.equal('nothing: it passed');
    expect(await said({ negate: (tally) => tally })).to.include('do not add up to nothing');
    expect(await said({ negate: (tally) => ({ ...dailyTallies.negate(tally), status: 'cancelled' }) })).to.include('negate of daily-report changes the key of a tally');
    expect(await said({ add: (left) => left, isEmpty: () => true })).to.include('add of daily-report: a tally, twice, less once is not the tally');
    let calls = 0;
    expect(await said({ contributions: (entry) => dailyTallies.contributions(entry).map((tally) => ({ ...tally, count: (calls += 1) })) })).to.include('gives two different answers for the same row');
    expect(await said({ table: { ...dailyTallies.table, columns: dailyTallies.table.columns.map((one) => (one.name === 'count' ? { ...one, type: 'text' } : one)) } })).to.include('column count of the tallies of daily-report is neither in the key nor a number');
  });

  it('tallies that hold for each row and not for what the table sums', async () => {
    const table = { ...dailyTallies.table, key: dailyTallies.table.key.filter((name) => name !== 'kind'), columns: dailyTallies.table.columns.filter(({ name }) => name !== 'kind') };
    expect(await saidOf(counting({ table }), (given) => given(ARCHIVED).then([{ id: 'A' }]))).not.to.equal('nothing: it passed');
  });

  it('a rebuild that comes to other rows than the live worker', async () => {
    const proof = new Proof(remembering(), { database: freshDatabase });
    await proof.fold([ANA, BEA]);
    const said = await proof.rebuild().then(() => 'nothing: it passed', (error: unknown) => (error instanceof AssertionError ? error.message : String(error)));
    await proof.close();
    expect(said).to.match(/^(?:the rebuild of users beside its live worker was refused|rows differ between the fold in memory and the live worker beside a rebuild)/u);
  });

  it('a rebuild of nothing', async () => {
    const proof = new Proof(USERS, { database: freshDatabase });
    expect(await proof.rebuild().then(() => 'passed', (error: unknown) => (error as Error).message)).to.include('nothing was declared of users');
  });
});

describe('the test kit for projections takes', () => {
  it('a projection whose rows begin in the middle of their streams, and those that never come to a row', async () => {
    const [first] = INVOICE_SUMMARY.handles;
    const late: RowProjection<InvoiceSummary> = { ...INVOICE_SUMMARY, handles: INVOICE_SUMMARY.handles.filter((type) => type !== first), ignores: [...INVOICE_SUMMARY.ignores, first ?? ''] };
    const proof = new Proof(late, { database: freshDatabase });
    const folded = await proof.fold([ARCHIVED, invoice('B', created())]);
    expect([first, folded.expected.rows.map(({ status, revision }) => [status, revision])]).to.deep.equal(['fiscal.invoice.created', [['archived', 3]]]);
    await proof.apply(folded);
    await proof.rebuild();
    await proof.close();
  });
});

describe('a declaration', () => {
  const said = (declare: (given: (...streams: readonly StreamFacts[]) => Given<UserRow, unknown>) => Promise<void>): Promise<string> => saidOf(USERS, declare);

  it('shows what is there beside what was declared, row by row and only the declared fields', async () => {
    const wrong = await said((given) => given(ANA, BEA).then([{ id: 'ana', role: 'admin' }, { id: 'bea', status: 'suspended' }]));
    expect(wrong).to.match(/^rows: not what was declared\n/u).and.to.match(/\+ +role: 'analyst'\n- +role: 'admin'/u).and.not.to.include('example.org');
    expect(await said((given) => given(ANA, BEA).then([{ id: 'ana' }]))).to.include('rows: not what was declared');
    expect(await said((given) => given(ANA).then([{ id: 'ana' }, { id: 'bea' }]))).to.include('rows: not what was declared');
  });

  it('parks a stream whose fold asserts something itself', async () => {
    const asserting = folding((row, event) => { if (event.type === 'auth.user.suspended') throw new AssertionError({ message: 'never' }); return USERS.evolve(row, event); });
    expect(await saidOf(asserting, (given) => given(ANA).parks('ana', 2).then([{ id: 'ana', revision: 1 }]))).to.equal('nothing: it passed');
  });

  it('tells why a stream was parked that was not declared to be, and that one was not', async () => {
    expect(await said((given) => given(user('ana', suspended())).then([]))).to.include('user ana, revision 0: auth.user.suspended is the first event of its stream');
    expect(await said((given) => given(ANA).parks('ana', 1).then([{ id: 'ana' }]))).to.include('parked streams: not what was declared');
  });

  it('refuses events that could never have been written', async () => {
    expect(await said((given) => given(user('ana', { type: 'auth.user.suspended', data: {} })).then([]))).to.match(/^given: user ana, revision 0: auth\.user\.suspended could not have been written: .*reason/u);
    expect(await said((given) => given(user('ana', { type: 'auth.user.praised', data: {} })).then([]))).to.include('auth.user.praised is no event type of the contracts; unchecked(type, data) stores it all the same');
    expect(await said((given) => given(stream('user', 'ana', created())).then([]))).to.include('belongs into a stream "invoice-…"');
    expect(await said((given) => given(ANA, ANA).then([]))).to.include('declared twice');
    expect(await said((given) => given(user('ana', registered(), unchecked('auth.user.praised', {}))).parks('ana', 1).then([{ id: 'ana', revision: 0 }]))).to.equal('nothing: it passed');
    expect(await said((given) => given(invoice('A', created(), validated({ lineCount: -1 }))).then([]))).to.include('could not have been written');
  });

  it('is not one without its rows', async () => {
    await suiteOf(USERS, async ({ given }) => {
      const half: unknown = await Promise.resolve().then(() => given(ANA)).then(() => 'nothing', (error: unknown) => error);
      expect(half).to.be.instanceOf(TypeError);
      expect(String(half)).to.include('end it with .then([…rows])');
    });
  });
});
