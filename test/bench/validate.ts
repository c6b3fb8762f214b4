import { generatedCfdi } from '../../cli/demo/index.js';
import { ublElement } from '../../cli/demo/ubl.js';
import { serialise } from '../../cli/demo/xml.js';
import { judgeBytes } from '../../write-side/judging/judge-bytes.js';
import { Peer, peerOr } from './peers.js';
import { alternate, median, metric, type Benchmark, type BenchOptions, type Measured } from './contract.js';

/** Documents per second on one core. */
const LIMIT = 2_000;
const DOCUMENTS = 200;
const ROUND_MS = 1_500;
const SLOW_MS = 2;
/** Of the cost of a line: more than what others on the machine can do to the figure it is held against. */
const SLOW_TIMES = 20;
/** Lines of the documents that costs per line are measured with. */
const FEW_LINES = 100;
const MORE_LINES: readonly number[] = [4_000, 100_000];
const LINES_LIMIT = 1.3;
const PER_LINE_ROUNDS = 3;

interface Case {
  readonly bytes: Uint8Array;
  readonly isValid: boolean;
}

/** Right documents of several sizes about the usual one, every tenth with a total that is not its own. */
const cases = (make: (index: number) => string): readonly Case[] => Array.from({ length: DOCUMENTS }, (_, index) => {
  const text = make(index);
  const isValid = index % 10 !== 9;
  return { isValid, bytes: Buffer.from(isValid ? text : broken(text)) };
});

function broken(text: string): string {
  const changed = text.replace(/ Total="(\d+)\./u, ' Total="1$1.').replace(/(<cbc:PayableAmount currencyID="[A-Z]{3}">)/u, '$11');
  if (changed === text) throw new Error('there is no total to break');
  return changed;
}

/** Every document's verdict is the one that it was made for. */
const isRight = (documents: readonly Case[], damage: boolean): boolean =>
  documents.every(({ bytes, isValid }) => judgeBytes({ bytes, expected: undefined }).verdict.verdict.startsWith('valid') === (damage ? !isValid : isValid));

/** Judges one after the other for so long. @returns documents per second */
function perSecond(documents: readonly Case[], slow: boolean, forMs: number): number {
  const began = performance.now();
  let count = 0;
  for (let now = began; now - began < forMs; now = performance.now()) {
    const document = documents[count % documents.length];
    if (document) judgeBytes({ bytes: document.bytes, expected: undefined });
    count += 1;
    if (slow) for (const until = performance.now() + SLOW_MS; performance.now() < until;);
  }
  return count / ((performance.now() - began) / 1_000);
}

/** Somebody else's engine beside ours, over the same documents. */
interface Beside {
  readonly name: string;
  start(documents: readonly Uint8Array[]): Promise<Peer>;
  /** Ours must be so many times as fast; 0: told, nothing more. */
  readonly atLeast: number;
  /** It judges, so its verdicts are those of ours. */
  readonly judges: boolean;
}

const PHIVE: Beside = { name: 'phive 4.2, warm', start: (documents) => Peer.phive(documents), atLeast: 8, judges: true };
const SATCFDI: Beside = { name: 'satcfdi, which parses only', start: (documents) => Peer.satcfdi(documents), atLeast: 0, judges: false };

async function speed(documents: readonly Case[], beside: Beside, { rounds, breakOracle, slowOurs, tenth }: BenchOptions): Promise<Measured> {
  const isOurs = isRight(documents, breakOracle);
  const forMs = tenth ? ROUND_MS / 10 : ROUND_MS;
  perSecond(documents, false, forMs);
  const peer = tenth ? undefined : await peerOr(() => beside.start(documents.map(({ bytes }) => bytes)));
  try {
    const verdicts = beside.judges ? await peer?.verdicts() : undefined;
    const oracle = isOurs && (!verdicts || documents.every(({ isValid }, index) => isValid === verdicts[index]));
    const theirs: number[] = [];
    const measured = await alternate(rounds, async () => {
      if (peer) theirs.push(await peer.perSecond(forMs));
      return LIMIT;
    }, async () => perSecond(documents, slowOurs, forMs));
    const figure = median(measured.map(({ ours }) => ours));
    const bytes = median(documents.map((document) => document.bytes.byteLength));
    const side = peer ? [metric(`times ${beside.name}`, figure / median(theirs), '×', beside.atLeast, 'higher', median(theirs))] : [];
    return { oracle, rounds: measured, ratio: figure / LIMIT, engines: {}, metrics: [metric('documents per second', figure, '/s', LIMIT, 'higher'), metric('bytes of the median document', bytes, 'B', 100_000, 'lower'), ...side] };
  } finally {
    await peer?.close();
  }
}

/** A CFDI 4.0 as it comes in: parse, structure, all rules and the seal, on one core. */
export const validateCfdi: Benchmark = {
  name: 'validate-cfdi', about: 'CFDI 4.0: bytes → verdict with all rules and the seal, on one core, against 2,000 documents/s', floor: 1,
  run: (options) => speed(cases((index) => Buffer.from(generatedCfdi({ index, lines: 1 + (index % 8) })).toString('utf8')), SATCFDI, options),
};

const party = { name: 'Beispiel GmbH', vatId: 'DE123456788', street: 'Musterstraße 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
const ubl = (index: number): string => serialise(ublElement({
  number: `R-${index}`, date: '2026-03-14', due: '2026-04-14', type: '380', currency: 'EUR', seller: party, buyer: { ...party, name: 'Ejemplo S.L.', vatId: 'ESB00000000', country: 'ES' },
  lines: Array.from({ length: 1 + (index % 8) }, (_, line) => ({ name: `Teil ${line}`, quantity: 1 + line, cents: 1_999 + index })), vatPercent: 19,
}));

/** UBL by EN 16931: parse and all rules, on one core. */
export const validateEn16931: Benchmark = {
  name: 'validate-en16931', about: 'EN 16931 (UBL): bytes → verdict with all rules, on one core, against 2,000 documents/s and eight times phive', floor: 1,
  run: (options) => speed(cases(ubl), PHIVE, options),
};

/** Best of some: a long document is judged once, and the collector's turns are not its cost. */
function costPerLine(lines: number, slow: boolean): { readonly us: number; readonly isValid: boolean } {
  const bytes = generatedCfdi({ index: 1, lines });
  const times = Math.max(1, Math.round(MORE_LINES[0] ?? 0) / lines);
  let best = Number.POSITIVE_INFINITY;
  let isValid = true;
  for (let round = 0; round < PER_LINE_ROUNDS; round += 1) {
    const began = performance.now();
    for (let time = 0; time < times; time += 1) isValid &&= judgeBytes({ bytes, expected: undefined }).verdict.verdict.startsWith('valid');
    if (slow && lines > FEW_LINES) for (const until = performance.now() + SLOW_TIMES * (performance.now() - began); performance.now() < until;);
    best = Math.min(best, (performance.now() - began) / (times * lines));
  }
  return { us: best * 1_000, isValid };
}

/** Peers go quadratic with lines: ours is measured up to 100,000. */
export const lines: Benchmark = {
  name: 'lines', about: 'cost per line of a CFDI with 4,000 and 100,000 lines against one with 100, within 1.3×', floor: 1,
  async run({ breakOracle, slowOurs, tenth }) {
    const few = costPerLine(FEW_LINES, slowOurs);
    const more = (tenth ? MORE_LINES.slice(0, 1) : MORE_LINES).map((count) => ({ count, ...costPerLine(count, slowOurs) }));
    const worst = Math.max(...more.map(({ us }) => us)) / few.us;
    return {
      oracle: !breakOracle && few.isValid && more.every(({ isValid }) => isValid), ratio: LINES_LIMIT / worst, rounds: [{ ours: few.us, baseline: worst * few.us }], engines: {},
      metrics: [metric('worst ÷ 100 lines', worst, '×', LINES_LIMIT, 'lower'), metric('100 lines', few.us, 'µs per line', 1_000, 'lower'), ...more.map(({ count, us }) => metric(`${count} lines`, us, 'µs per line', few.us * LINES_LIMIT, 'lower', few.us))],
    };
  },
};
