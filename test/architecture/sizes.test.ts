import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/root.js';

const PRODUCTION = ['contracts', 'infra/platform', 'write-side', 'projections', 'read-side', 'cli'];
const MOST_LINES_OF_A_FILE = 350;
const MOST_LINES_OF_A_FUNCTION = 70;

interface Sized {
  readonly place: string;
  readonly lines: number;
}

/** The first line of a function with a body in braces: a declaration, a method, an arrow function. */
const HEAD = /(?:\)(?:: [^={]+)?|=>) \{$/u;
const NO_FUNCTION = /^(?:\}? ?else )?(?:if|for|while|switch|catch|with)\b|^\} (?:else|catch)/u;
const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Functions of a source whose blocks are indented (the formatting of this repository): from the head to the brace at the same depth. */
export function functionsOf(source: string): { line: number; lines: number }[] {
  const lines = source.split('\n');
  return lines.flatMap((line, index) => {
    if (!HEAD.test(line) || NO_FUNCTION.test(line.trim())) return [];
    const length = lines.slice(index + 1).findIndex((later) => later.trimStart().startsWith('}') && indentOf(later) === indentOf(line));
    return length < 0 ? [] : [{ line: index + 1, lines: length + 2 }];
  });
}

const sources = (folders: readonly string[]): { file: string; source: string }[] => folders.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.ts')).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { file: relative(ROOT, path), source: readFileSync(path, 'utf8') };
  }));

function tell(what: string, sized: readonly Sized[]): void {
  const sorted = [...sized].sort((left, right) => left.lines - right.lines);
  const at = (share: number): Sized | undefined => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  process.stdout.write(`      lines per ${what}: median ${at(0.5)?.lines}, p95 ${at(0.95)?.lines}, longest ${at(1)?.lines} (${at(1)?.place}) of ${sorted.length}\n`);
}

describe('sizes', () => {
  it('finds functions of every form', () => {
    const source = 'export function a(b: string): void {\n  if (b) {\n    c();\n  }\n}\nconst d = () => {\n  e();\n};\nclass F {\n  async g(): Promise<void> {\n  }\n}\n';
    expect(functionsOf(source)).to.deep.equal([{ line: 1, lines: 5 }, { line: 6, lines: 3 }, { line: 10, lines: 2 }]);
  });

  it(`has no file over ${MOST_LINES_OF_A_FILE} lines`, () => {
    const sized = sources([...PRODUCTION, 'test']).map(({ file, source }) => ({ place: file, lines: source.split('\n').length }));
    tell('file', sized);
    expect(sized.filter(({ lines }) => lines > MOST_LINES_OF_A_FILE)).to.deep.equal([]);
  });

  it(`has no function over ${MOST_LINES_OF_A_FUNCTION} lines; the linter reads the same limit from the syntax itself`, () => {
    const sized = sources(PRODUCTION).flatMap(({ file, source }) => functionsOf(source).map(({ line, lines }) => ({ place: `${file}:${line}`, lines })));
    tell('function', sized);
    expect(sized.length).to.be.greaterThan(500);
    expect(sized.filter(({ lines }) => lines > MOST_LINES_OF_A_FUNCTION)).to.deep.equal([]);
    const config = readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8');
    expect(config).to.include(`"max-lines-per-function": ["error", { "max": ${MOST_LINES_OF_A_FUNCTION} }]`).and.to.include(`"max-lines": ["error", { "max": ${MOST_LINES_OF_A_FILE} }]`);
  });
});
