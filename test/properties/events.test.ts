import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeStrict, decodeTrusted } from '#contracts/events/decode.js';
import { definitionOf, EVENT_DEFINITIONS } from '#contracts/events/index.js';
import { upcast } from '#contracts/events/upcast.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { toCorrelationId, toStreamId, type EventId } from '#contracts/kernel/ids.js';
import { toPosition, toRevision } from '#contracts/kernel/position.js';
import { ROOT } from '../support/root.js';

const FOLDER = join(ROOT, 'contracts/events/golden');
const golden = readdirSync(FOLDER).map((file) => {
  const wire = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Omit<Envelope, 'revision'> & { readonly revision: string };
  return { file, event: { ...wire, revision: toRevision(Number(wire.revision)) } as Envelope };
});

/** Any place in the log, and whatever may lie there of an event of any version that ever was. */
const anywhere = fc.record({
  id: fc.uuid().map((id) => id as EventId), stream: fc.uuid().map((id) => toStreamId(`invoice-${id}`)), revision: fc.nat().map(toRevision), position: fc.nat().map((at) => toPosition(String(at))),
  shardKey: fc.string(), month: fc.constantFrom('2026-03-01', '0001-01-01'), occurredAt: fc.constant('2026-03-01T12:00:00.123Z'), recordedAt: fc.constant('2026-03-01T12:00:01.000Z'),
  correlationId: fc.string().map(toCorrelationId), causationId: fc.string(), actor: fc.constant({ kind: 'system' as const, id: 'test' }),
});
const versions = fc.constantFrom(...EVENT_DEFINITIONS.flatMap(({ type, version }) => Array.from({ length: version }, (_, index) => ({ type, version: index + 1 }))));
const stored = fc.tuple(anywhere, versions, fc.dictionary(fc.string(), fc.jsonValue())).map(([place, of, data]): Envelope => ({ ...place, ...of, data }));

const placeOf = ({ version: _version, data: _data, ...place }: Envelope): object => place;

describe('an upcast', () => {
  it('changes version and data and nothing else: not the id, the stream, the revision or the position', () => {
    fc.assert(fc.property(stored, (event) => {
      const before = structuredClone(event);
      expect(placeOf(upcast(event))).to.deep.equal(placeOf(event));
      expect(event, 'what is stored is never rewritten').to.deep.equal(before);
    }));
  });

  it('comes to the current version of the type in one go, and a second one does nothing', () => {
    fc.assert(fc.property(stored, (event) => {
      const current = upcast(event);
      expect(current.version).to.equal(definitionOf(event.type)?.version);
      expect(upcast(current)).to.equal(current);
      if (event.version === current.version) expect(current).to.equal(event);
    }));
  });

  it('only adds: what the older version said is still there', () => {
    fc.assert(fc.property(stored, (event) => {
      for (const name of Object.keys(event.data as object)) expect(upcast(event).data).to.have.property(name);
    }));
  });

  it('makes of every version that was ever written, wherever it lies, an event that the strict decoder takes', () => {
    fc.assert(fc.property(fc.constantFrom(...golden), anywhere, ({ event }, place) => {
      const moved = { ...event, ...place, stream: event.stream };
      expect(decodeStrict(moved)).to.deep.equal(decodeTrusted(moved));
      expect(decodeStrict(decodeStrict(moved))).to.deep.equal(decodeStrict(moved));
      expect(decodeStrict(moved).version).to.equal(definitionOf(event.type)?.version);
    }));
  });
});
