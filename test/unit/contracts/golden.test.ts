import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeStrict, decodeTrusted, UndecodableEvent } from '#contracts/events/decode.js';
import { definitionOf, EVENT_DEFINITIONS, mayBeSeenBy, publishedForm } from '#contracts/events/index.js';
import { UPCAST_STEPS } from '#contracts/events/upcast.js';
import { toWire, type Envelope } from '#contracts/kernel/envelope.js';
import { parseRevision } from '#contracts/kernel/position.js';
import { topicOf } from '#contracts/topics.js';
import { ROOT } from '../../support/root.js';

const FOLDER = join(ROOT, 'contracts/events/golden');
const files = readdirSync(FOLDER).sort();
type Wire = Omit<Envelope, 'revision'> & { revision: string; data: Record<string, unknown> };
const read = (file: string): Wire => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Wire;
const fromWire = (wire: Wire): Envelope => {
  const revision = parseRevision(wire.revision);
  if (revision === undefined) throw new Error('golden revision');
  return { ...wire, revision };
};

describe('golden events', () => {
  it('there is one file per type and version, and no other', () => {
    const expected = EVENT_DEFINITIONS.flatMap(({ type, version }) => Array.from({ length: version }, (_, index) => `${type}@${index + 1}.json`));
    expect(files).to.deep.equal(expected.sort());
  });

  it('every older version has its upcaster, and no upcaster is left over', () => {
    const older = EVENT_DEFINITIONS.flatMap(({ type, version }) => Array.from({ length: version - 1 }, (_, index) => `${type}@${index + 1}`));
    expect([...UPCAST_STEPS].sort()).to.deep.equal(older.sort());
  });

  for (const file of files) {
    const wire = read(file);
    it(`${file} is understood and belongs to its stream, topic and version`, () => {
      const event = decodeStrict(fromWire(wire));
      const definition = definitionOf(event.type);
      expect(event.version).to.equal(definition?.version);
      expect(event.stream.startsWith(`${definition?.category ?? '?'}-`)).to.equal(true);
      expect(topicOf(event.type)).to.be.a('string');
      if (wire.version === event.version) expect(toWire(event)).to.deep.equal(wire);
    });

    it(`${file} is refused with an unknown field`, () => {
      expect(() => decodeStrict(fromWire({ ...wire, data: { ...wire.data, surprise: 1 } }))).to.throw(UndecodableEvent);
    });

    it(`${file} keeps its withheld fields to itself`, () => {
      const published = publishedForm(decodeTrusted(fromWire(wire)));
      const data = published?.['data'] as Record<string, unknown>;
      for (const name of definitionOf(wire.type)?.withheld ?? []) expect(data).not.to.have.property(name);
      expect(mayBeSeenBy(wire.type, 'viewer')).to.equal(false);
    });
  }

  it('an archived event of version 1 is read as gzip with an unknown compressed size', () => {
    const event = decodeStrict(fromWire(read('fiscal.invoice.archived@1.json')));
    expect(event.data).to.include({ codec: 'gzip', compressedSize: 0, originalSize: 5120 });
  });

  it('an unknown type and a version from the future are refused', () => {
    const wire = read('fiscal.invoice.cancelled@1.json');
    expect(() => decodeTrusted(fromWire({ ...wire, type: 'fiscal.invoice.melted' }))).to.throw(UndecodableEvent, 'unknown event type');
    expect(() => decodeTrusted(fromWire({ ...wire, version: 9 }))).to.throw(UndecodableEvent, 'version 9');
  });
});
