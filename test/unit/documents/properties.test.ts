import { expect } from 'chai';
import fc from 'fast-check';
import { verdict as verdictContract } from '#contracts/invoice/verdict.js';
import { facts as factsContract } from '#contracts/invoice/facts.js';
import { generatedCfdi } from '../../../cli/demo/index.js';
import { judge, readDocument } from '../../../write-side/documents/index.js';
import { bytesOf, cii, ubl } from './given.js';

const SEEDS: readonly Uint8Array[] = [generatedCfdi({ index: 3, lines: 2 }), bytesOf(ubl()), bytesOf(cii())];

/** Reads and judges; whatever comes must keep the contracts. */
function survive(bytes: Uint8Array): void {
  const read = readDocument(bytes);
  if (read.kind === 'document') factsContract.parse(read.facts);
  verdictContract.parse(judge(read, { now: () => 0 }).verdict);
}

const seed = fc.constantFrom(...SEEDS);
const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 });

describe('no bytes can break the reader', () => {
  it('survives any bytes flipped in a right document', () => {
    fc.assert(fc.property(seed, edits, (original, changes) => {
      const bytes = Uint8Array.from(original);
      for (const [place, value] of changes) bytes[place % bytes.length] = value;
      survive(bytes);
    }), { numRuns: 1_500 });
  });

  it('survives any cut, and never takes one for a whole document', () => {
    fc.assert(fc.property(seed, fc.nat(), (original, place) => {
      const cut = original.subarray(0, place % (original.length - 1));
      survive(cut);
      expect(readDocument(cut).kind).to.equal('unreadable');
    }), { numRuns: 500 });
  });

  it('survives any text in the place of any attribute or field', () => {
    const texts = SEEDS.map((bytes) => Buffer.from(bytes).toString('utf8'));
    const value = fc.oneof(fc.string(), fc.constantFrom('-1', '1e400', '9'.repeat(60), 'NaN', '0.'.padEnd(80, '1'), '2026-13-45', '\u{1F9FE}'.repeat(600), '+.5'));
    const escaped = value.map((text) => text.replace(/[&<>"]/gu, ''));
    fc.assert(fc.property(fc.constantFrom(...texts), fc.nat(), escaped, (text, place, replacement) => {
      const places = [...text.matchAll(/="[^"]*"|>[^<>]+</gu)];
      const target = places[place % places.length];
      if (!target) return;
      const [open, close] = [target[0].startsWith('=') ? '="' : '>', target[0].startsWith('=') ? '"' : '<'];
      survive(bytesOf(`${text.slice(0, target.index)}${open}${replacement}${close}${text.slice(target.index + target[0].length)}`));
    }), { numRuns: 1_500 });
  });

  it('survives any bytes at all', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survive), { numRuns: 500 });
  });
});
