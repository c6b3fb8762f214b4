import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Argument, Command, CommanderError, Option } from 'commander';
import { Problem } from '#contracts/kernel/problem.js';
import { ConfigurationError, readSettings } from '#platform/config.js';
import { ApiProblem, type Client } from './client.js';
import type { RestoreLine } from './commands/restore.js';
import { ENGINE_NAMES, type EngineName } from './engines/engine.js';
import { SETTINGS, type FolioSettings } from './config.js';
import { ROLE_NAMES, type RoleName } from './instance/roles.js';
import { VERSION } from './version.js';

/** Exit codes: 0 done · 1 done, but not all is well · 2 wrong use · 3 the instance refused or failed. */
const USAGE = 2;
const FAILED = 3;
const DEFAULT_DATA = fileURLToPath(new URL('../../data', import.meta.url));
const print = (line: string): void => void process.stdout.write(`${line}\n`);

let exitCode = 0;

interface Common {
  readonly data?: string;
  readonly json?: boolean;
}

/** @param part of the data folder, where none is named: roles on one machine do not share one */
function settingsOf(options: Common & { readonly port?: string }, part?: string): { settings: FolioSettings; folder: string } {
  const environment = { ...process.env, ...(options.port !== undefined && { FOLIO_PORT: options.port }) };
  const settings = readSettings(SETTINGS, environment);
  return { settings, folder: resolve(options.data ?? settings.data ?? join(DEFAULT_DATA, part ?? '')) };
}

/** A command that talks to an instance; its modules are loaded when it runs. */
async function online(options: Common, work: (client: Client, settings: FolioSettings, folder: string) => Promise<number>): Promise<void> {
  const { settings, folder } = settingsOf(options);
  const { withInstance } = await import('./with-instance.js');
  exitCode = await withInstance(settings, folder, (client) => work(client, settings, folder));
}

const program = new Command('folio')
  .description('Event-sourced CQRS platform for fiscal e-invoices')
  .version(VERSION)
  .showSuggestionAfterError()
  .showHelpAfterError('(folio --help shows every command)')
  .exitOverride();

const command = (text: string, description: string): Command => program.command(text).description(description).option('--data <folder>', 'data folder of the instance').exitOverride();
const withJson = (made: Command): Command => made.option('--json', 'one JSON value instead of text');

command('start', 'start everything in this process, or only the named roles')
  .addArgument(new Argument('[roles...]', 'what this process is').choices([...ROLE_NAMES, 'all', 'distributed']))
  .option('--port <number>', 'port of the HTTP interface')
  .option('--no-demo', 'do not put the demo into an empty instance')
  .option('--projection <names>', 'of the role worker: these only (comma-separated)')
  .action(async (names: (RoleName | 'all' | 'distributed')[], options: Common & { port?: string; demo: boolean; projection?: string }) => {
    const isDistributed = names.includes('distributed');
    const roles = isDistributed || names.length === 0 || names.includes('all') ? undefined : new Set(names as RoleName[]);
    const { settings, folder } = settingsOf(options, isDistributed ? 'distributed' : roles && join('roles', [...roles].join('+')));
    const { start, startOnEngines } = await import('./start.js');
    if (isDistributed) exitCode = await startOnEngines(settings, { data: folder });
    else exitCode = await start(settings, { data: folder, demo: options.demo, ...(roles && { roles }), ...(options.projection !== undefined && { projections: options.projection.split(',') }) });
  });

withJson(command('import <paths...>', 'take in files, folders, zip archives, or - for names on standard input'))
  .addOption(new Option('--concurrency <number>', 'files at once').default('32'))
  .action((paths: string[], options: Common & { concurrency: string }) => online(options, async (client) => {
    const { collectFiles } = await import('./commands/collect-files.js');
    const { importFiles, importTable } = await import('./commands/import.js');
    const { Progress } = await import('./progress.js');
    const visible = options.json !== true && process.stderr.isTTY;
    const report = await importFiles(client, collectFiles(paths, process.stdin), { concurrency: Math.max(1, Number(options.concurrency) || 1), progress: new Progress('import', visible), settleMs: 120_000 });
    print(options.json === true ? JSON.stringify(report) : importTable(report));
    return report.counts['technical failure'] === 0 ? 0 : 1;
  }));

withJson(command('watch <places...>', 'take in the files of folders and of sftp://host[:port]/directory, each version once, until Ctrl-C'))
  .option('--every <seconds>', 'pause between two looks; a file is taken when it is the same at two of them', '5').option('--once', 'one pass, for cron').option('--ledger <file>', 'what was taken in already (default: in the data folder)')
  .action(async (places: string[], options: Common & { readonly every: string; readonly once?: true; readonly ledger?: string }) => {
    const { watch } = await import('./commands/watch.js');
    const { settings, folder } = settingsOf(options);
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    const tell = (line: string): void => void process.stderr.write(`folio watch: ${line}\n`);
    exitCode = await watch(settings, folder, places, { every: Number(options.every), once: options.once === true, json: options.json === true, ...(options.ledger !== undefined && { ledger: options.ledger }) }, { print, tell }, stop.signal);
  });

program.command('validate <files...>').description('judge files without storing anything; needs no instance').option('--json', 'one JSON line per file, in order').option('--rule <code...>', 'only these rules, on documents that need not be whole').option('--trust <folder>', 'certificates that seals and stamps are checked against').option('--catalogs <folder>', 'catalogues that were imported').exitOverride()
  .action(async (files: string[], options: Common & { readonly rule?: readonly string[]; readonly trust?: string; readonly catalogs?: string }) => {
    const [{ validateFiles }, { trustFiles }, { catalogueData }] = await Promise.all([import('./validate.js'), import('./trust.js'), import('./catalogues.js')]);
    const folder = options.trust ?? process.env['FOLIO_TRUST'];
    const catalogueFolder = options.catalogs ?? process.env['FOLIO_CATALOGUES'];
    const catalogues = catalogueFolder === undefined ? undefined : await catalogueData(catalogueFolder);
    exitCode = await validateFiles(files, print, { json: options.json === true, ...(options.rule && { rules: options.rule }), ...(folder !== undefined && { trust: await trustFiles(folder) }), ...(catalogues && { catalogues }) });
  });

const trust = program.command('trust').description('certificates of the authority and of stamping providers, which seals and stamps are checked against').exitOverride();
trust.command('import <files...>').description('take certificates in (DER, base64 or PEM); running processes know them after their next start').option('--data <folder>', 'data folder of the instance').exitOverride()
  .action(async (files: string[], options: Common) => {
    const { importTrust } = await import('./trust.js');
    const { settings, folder: data } = settingsOf(options);
    const folder = settings.trust ?? join(data, 'trust');
    print(`${await importTrust(folder, files)} of ${files.length} taken into ${folder}`);
  });

const catalogueFolderOf = (options: Common): string => {
  const { settings, folder } = settingsOf(options);
  return settings.catalogues ?? join(folder, 'catalogues');
};
const catalogs = withJson(command('catalogs', 'the SAT\'s catalogues that documents are judged by: name, day, codes')).action(async (options: Common) => {
  const { listCatalogues } = await import('./catalogues.js');
  const listed = await listCatalogues(catalogueFolderOf(options));
  if (options.json === true) print(JSON.stringify(listed));
  else for (const { name, day, rows, source } of listed) print(`${name.padEnd(20)} ${day} ${String(rows).padStart(7)}  ${source}`);
});
// The option stands at the command above it, wherever it is written.
catalogs.command('import <files...>').description('take newer tables in (c_….tsv or .csv), all or none; running processes know them after their next start').requiredOption('--day <day>', 'day of their state, YYYY-MM-DD').exitOverride()
  .action(async (files: string[], _: unknown, made: Command) => {
    const { importCatalogues } = await import('./catalogues.js');
    const { day, ...options } = made.optsWithGlobals<Common & { readonly day: string }>();
    const folder = catalogueFolderOf(options);
    for (const { name, rows } of await importCatalogues(folder, files, day)) print(`${name.padEnd(20)} ${String(rows).padStart(7)} rows, state of ${day}`);
    print(`kept in ${folder}`);
  });

program.command('rules [prefix]').description('the rules that documents are judged by; needs no instance').option('--json', 'as JSON').option('--pages <folder>', 'write them as pages for people').exitOverride()
  .action(async (prefix: string | undefined, options: Common & { readonly pages?: string }) => {
    const { printRules, writeRulePages } = await import('./commands/rules.js');
    if (options.pages === undefined) exitCode = printRules(prefix, options.json === true, print);
    else await writeRulePages(options.pages);
  });

withJson(command('rejudge [id]', 'judge kept documents again, by the rules of today; tells each verdict that differs'))
  .option('--issuer <id>', 'only documents of this issuer').option('--from <day>', 'issued on this day or later').option('--to <day>', 'issued on this day or before')
  .action((id: string | undefined, options: Common & { readonly issuer?: string; readonly from?: string; readonly to?: string }) => online(options, async (client) => {
    const { rejudgeAll, changedLine } = await import('./commands/rejudge.js');
    const { json, issuer, from, to } = options;
    const selection = { ...(id !== undefined && { id }), ...(issuer !== undefined && { issuer }), ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    const report = await rejudgeAll(client, selection, (changed) => print(json === true ? JSON.stringify(changed) : changedLine(changed)));
    print(json === true ? JSON.stringify(report) : `${report.judged} judged, ${report.changed} with another verdict, ${report.left} left as they are`);
    return 0;
  }));

withJson(command('search <query...>', 'full-text search')).action((query: string[], options: Common) => online(options, async (client) => {
  const { search } = await import('./commands/look.js');
  return search(client, query.join(' '), options.json === true, print);
}));

withJson(command('show <id>', 'one invoice with its findings')).option('--as-of <moment>', 'the invoice as it was: a position of the log, or an instant (2026-03-05T12:00:00Z)')
  .action((id: string, options: Common & { asOf?: string }) => online(options, async (client) => {
    const { show, showAsOf } = await import('./commands/look.js');
    return options.asOf === undefined ? show(client, id, options.json === true, print) : showAsOf(client, id, options.asOf, options.json === true, print);
  }));

withJson(command('tail', 'follow the log live')).option('--from <position>', 'after this position').option('--types <list>', 'comma-separated types or prefixes', '')
  .action((options: Common & { from?: string; types: string }) => online(options, async (client) => {
    const { tail } = await import('./commands/look.js');
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    return tail(client, options.from, options.types.split(',').filter((type) => type !== ''), options.json === true, print, stop.signal);
  }));

withJson(command('rebuild <projections...>', 'build the next generations from the log in one pass, prove that they are what readers have, then switch; `all` for each'))
  .option('--expect-changes', 'switch although rows differ: their shape was changed on purpose')
  .option('--accept-quarantine', 'switch although streams are in quarantine on one side only')
  .option('--from-divergence', 'the log went back (a restored backup): build from what it has now, without a comparison and without a way back')
  .option('--rate <events>', 'events per second at most').option('--pause', 'pause the one that runs').option('--resume', 'let it go on').option('--cancel', 'give it up; the next one goes on where it stood')
  .option('--stream <names>', 'only these streams (comma-separated), in place').option('--type <type>', 'only streams that have an event of this type').option('--issuer <id>', 'only streams of this issuer')
  .option('--since <place>', 'only streams that have an event after this position or since this instant')
  .option('--reason <text>', 'why, for the record in the log')
  .action((names: string[], options: Common & { expectChanges?: true; acceptQuarantine?: true; fromDivergence?: true; reason?: string; stream?: string; type?: string; issuer?: string; since?: string; rate?: string; pause?: true; resume?: true; cancel?: true }) => online(options, async (client) => {
    const { rebuild, steer, tellRebuild } = await import('./commands/rebuild.js');
    const how = options.pause ? 'pause' : options.resume ? 'resume' : options.cancel ? 'cancel' : undefined;
    if (how) return steer(client, names[0] ?? '', how, print);
    const { expectChanges, acceptQuarantine, fromDivergence, reason, stream, type, issuer, since, rate } = options;
    const select = { ...(stream !== undefined && { streams: stream.split(',') }), ...(type !== undefined && { type }), ...(issuer !== undefined && { issuer }), ...(since !== undefined && { since }) };
    const request = { ...(expectChanges && { expectChanges }), ...(acceptQuarantine && { acceptQuarantine }), ...(fromDivergence && { fromDivergence }), ...(rate !== undefined && { eventsPerSecond: Number(rate) }), ...(reason !== undefined && { reason }), ...(Object.keys(select).length > 0 && { select }) };
    const result = await rebuild(client, names, request, options.json !== true && process.stderr.isTTY);
    if (options.json === true) print(JSON.stringify(result.reports.map((report) => ({ ...report, seconds: result.seconds }))));
    return tellRebuild(result, options.json === true ? () => undefined : print);
  }));

withJson(command('rollback <projections...>', 'go back to the generations before, in one switch; `all` for each')).option('--reason <text>', 'why, for the record in the log')
  .action((names: string[], options: Common & { reason?: string }) => online(options, async (client) => {
    const { rollback } = await import('./commands/rebuild.js');
    const generations = await rollback(client, names, options.reason);
    if (options.json === true) print(JSON.stringify(generations));
    else for (const [name, generation] of Object.entries(generations)) print(`${name} is back at generation ${generation}`);
    return 0;
  }));

withJson(command('reshard', 'lay the rows of all projections out anew, built from the log beside the live ones, without a pause: on so many shards, or one slot on another shard'))
  .option('--shards <number>', 'evenly on so many shards').option('--slot <number>', 'only this slot (0 to 1023)').option('--to <shard>', 'on this shard; shards count from 1')
  .option('--accept-quarantine', 'switch although streams are in quarantine on one side only').option('--reason <text>', 'why, for the record in the log')
  .action((options: Common & { shards?: string; slot?: string; to?: string; acceptQuarantine?: true; reason?: string }) => {
    const layout = wantedLayout(options);
    const { acceptQuarantine, reason } = options;
    return online(options, async (client) => {
      const { reshard } = await import('./commands/reshard.js');
      return reshard(client, { ...layout, ...(acceptQuarantine && { acceptQuarantine }), ...(reason !== undefined && { reason }) }, options.json === true, print);
    });
  });

const VERIFY = ['verify [projections...]', 'read every row that readers have: is each what the worker wrote?'] as const;
const verifyRows = (names: string[], options: Common): Promise<void> => online(options, async (client) => {
  const { verify } = await import('./commands/rebuild.js');
  return verify(client, names.length === 0 ? ['all'] : names, options.json === true, print);
});
withJson(command(...VERIFY)).action(verifyRows);

const projectionsCommand = withJson(command('projections', 'position, lag, rate and quarantine of every projection')).option('--watch', 'again every second, until Ctrl-C').option('--lanes', 'every lane as well')
  .action((options: Common & { watch?: boolean; lanes?: boolean }) => online(options, async (client) => {
    const { projections, watchProjections } = await import('./commands/projections.js');
    const shown = { json: options.json === true, lanes: options.lanes === true };
    if (options.watch !== true) return projections(client, shown, print);
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    return watchProjections(client, shown, process.stdout, stop.signal);
  }));
// The options stand at the command above it, wherever they are written.
projectionsCommand.command(VERIFY[0]).description(VERIFY[1]).exitOverride().action((names: string[], _: unknown, made: Command) => verifyRows(names, made.optsWithGlobals()));

withJson(command('project <projections...>', 'build read models as they were at another moment, under a name that readers can ask for; `all` for each'))
  .requiredOption('--until <place>', 'a position, an instant with its zone, or a day').requiredOption('--name <name>', 'what readers ask for it by')
  .action((names: string[], options: Common & { until: string; name: string }) => online(options, async (client) => {
    const { project } = await import('./commands/audit.js');
    return project(client, names, { name: options.name, until: options.until }, options.json === true, print);
  }));

withJson(command('diff <projection> <left> [right]', 'rows of two generations that differ: a number, the name of a view, or `live`')).action((projection: string, left: string, right: string | undefined, options: Common) => online(options, async (client) => {
  const { diff } = await import('./commands/audit.js');
  return diff(client, projection, left, right ?? 'live', options.json === true, print);
}));

withJson(command('backup <folder>', 'events, write side, keys and originals into a new folder, consistent while everything runs')).action(async (into: string, options: Common) => {
  const { backup, backupLines, checkIsFree } = await import('./commands/backup.js');
  await checkIsFree(resolve(into));
  await online(options, async (client) => {
    const report = await backup(client, into);
    for (const line of options.json === true ? [JSON.stringify(report)] : backupLines(report)) print(line);
    return report.leftOut.length === 0 ? 0 : 1;
  });
});

withJson(command('restore <folder>', 'a backup into a new data folder, verified before and after')).option('--no-rebuild', 'build the read models once, not a second time to prove it')
  .action(async (from: string, options: Common & { rebuild: boolean }) => {
    const { restore, restoreLine } = await import('./commands/restore.js');
    const { settings, folder: data } = settingsOf(options);
    const lines: RestoreLine[] = [];
    const ok = await restore({ folder: from, data, settings, withRebuild: options.rebuild, onLine: (line) => { lines.push(line); if (options.json !== true) print(restoreLine(line)); } });
    print(options.json === true ? JSON.stringify({ data, ok, lines }) : `${data} can be started: folio start --data ${data}`);
    exitCode = ok ? 0 : 1;
  });

const audits = program.command('audits').description('read models of other moments').exitOverride();
withJson(audits.command('list').description('which there are').option('--data <folder>', 'data folder of the instance').exitOverride()).action((options: Common) => online(options, async (client) => {
  const { listAudits } = await import('./commands/audit.js');
  return listAudits(client, options.json === true, print);
}));
audits.command('drop <name>').description('drop one of them').option('--data <folder>', 'data folder of the instance').exitOverride().action((name: string, options: Common) => online(options, async (client) => {
  const { dropAudit } = await import('./commands/audit.js');
  return dropAudit(client, name, print);
}));

const quarantine = program.command('quarantine').description('streams that a projection could not take').exitOverride();
const quarantineCommand = (text: string, description: string): Command => withJson(quarantine.command(text).description(description).option('--data <folder>', 'data folder of the instance').exitOverride());
quarantineCommand('list [projection]', 'what stands still, where and why').action((projection: string | undefined, options: Common) => online(options, async (client) => {
  const { listParked } = await import('./commands/quarantine.js');
  return listParked(client, projection, options.json === true, print);
}));
quarantineCommand('show <projection> <stream>', 'one stream with the events that wait').action((projection: string, stream: string, options: Common) => online(options, async (client) => {
  const { showParked } = await import('./commands/quarantine.js');
  return showParked(client, projection, stream, options.json === true, print);
}));
quarantineCommand('retry <projection> <stream>', 'fold it again with the code of now').action((projection: string, stream: string, options: Common) => online(options, async (client) => {
  const { retryParked } = await import('./commands/quarantine.js');
  return retryParked(client, projection, stream, print);
}));
quarantineCommand('skip <projection> <stream>', 'leave the event out at which it stands, for good and on record').requiredOption('--reason <text>', 'why')
  .action((projection: string, stream: string, options: Common & { reason: string }) => online(options, async (client) => {
    const { skipParked } = await import('./commands/quarantine.js');
    return skipParked(client, projection, stream, options.reason, print);
  }));

withJson(command('token', 'an access token for a user, or a new password (--reset)')).requiredOption('--email <address>', 'the user').option('--reset', 'set a new password and show it once')
  .action((options: Common & { email: string; reset?: boolean }) => online(options, async (client) => {
    const { token } = await import('./commands/token.js');
    return token(client, options.email, options.reset === true, options.json === true, print);
  }));

withJson(command('doctor', 'look at everything an operator would ask about')).action((options: Common) => online(options, async (client, settings, folder) => {
  const { doctor } = await import('./commands/doctor.js');
  return doctor(client, settings, folder, options.json === true, print);
}));

const engines = program.command('engines').description('Kafka, OpenSearch, Redis, S3 and ClickHouse on this machine, without containers').exitOverride();
const engineCommand = (text: string, description: string): Command => engines.command(text).description(description).option('--data <folder>', 'their data lies in its folder `engines`').exitOverride();
const engineArgument = (): Argument => new Argument('[names...]', 'engines').choices(ENGINE_NAMES);
const engineRoot = (options: Common): string => join(settingsOf(options).folder, 'engines');

engineCommand('start', 'start them (default: kafka opensearch redis)').addArgument(engineArgument()).action(async (names: EngineName[], options: Common) => {
  const { startEngines } = await import('./commands/engines.js');
  exitCode = await startEngines(engineRoot(options), names, print);
});
engines.command('provide').description('bring their programs into the cache, start nothing').addArgument(engineArgument()).exitOverride().action(async (names: EngineName[]) => {
  const { provideEngines } = await import('./commands/engines.js');
  exitCode = await provideEngines(names, print);
});
engineCommand('stop', 'stop what was started (default: all)').addArgument(engineArgument()).action(async (names: EngineName[], options: Common) => {
  const { stopStarted } = await import('./commands/engines.js');
  exitCode = await stopStarted(engineRoot(options), names, print);
});
withJson(engineCommand('status', 'what runs, and where')).action(async (options: Common) => {
  const { engineStatus } = await import('./commands/engines.js');
  exitCode = await engineStatus(engineRoot(options), options.json === true, print);
});

try {
  await program.parseAsync();
} catch (error) {
  exitCode = explain(error);
}
// A pipe may still hold what was printed: only when it was taken is the process over.
await new Promise<void>((resolve) => { process.stdout.write('', () => resolve()); });
process.exit(exitCode);

/** @throws ConfigurationError */
function wantedLayout({ shards, slot, to }: { readonly shards?: string; readonly slot?: string; readonly to?: string }): { readonly shards: number } | { readonly slot: number; readonly to: number } {
  const isWhole = (text: string | undefined): text is string => text !== undefined && /^-?\d{1,9}$/u.test(text);
  if (isWhole(shards) && slot === undefined && to === undefined) return { shards: Number(shards) };
  if (shards === undefined && isWhole(slot) && isWhole(to)) return { slot: Number(slot), to: Number(to) };
  throw new ConfigurationError('reshard needs --shards NUMBER, or --slot NUMBER with --to SHARD');
}

/** One line that helps; a stack only for what should never happen. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  const known = error instanceof Problem || error instanceof ApiProblem || error instanceof ConfigurationError;
  process.stderr.write(`folio: ${known ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  return error instanceof ConfigurationError ? USAGE : FAILED;
}
