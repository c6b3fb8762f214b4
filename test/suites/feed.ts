import { expect } from 'chai';
import type { NewEvent } from '#contracts/kernel/envelope.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { isAfter, ORIGIN, type Position } from '#contracts/kernel/position.js';
import { laneOf, lanesOf } from '#contracts/topics.js';
import type { Feed, LanedEvent } from '#platform/feed/port.js';
import { created, invoiceStream, started, toNew, userStream } from '../unit/projections/events.js';

export interface FeedUnderTest {
  readonly feed: Feed;
  /** Appends to the log behind the feed. */
  readonly append: (stream: StreamId, events: readonly NewEvent[]) => Promise<void>;
}

const registered = { type: 'auth.user.registered', data: { email: 'a@example.org', name: 'A', role: 'viewer', tier: 'free', credential: 'c' } };

/** What every feed adapter must do. */
export function feedSuite(name: string, make: () => Promise<FeedUnderTest>): void {
  describe(`the feed ${name}`, () => {
    async function take(feed: Feed, count: number, after = ORIGIN): Promise<LanedEvent[]> {
      const stop = new AbortController();
      const taken: LanedEvent[] = [];
      const from = new Map(lanesOf(['fiscal-invoice']).map((lane) => [lane, after]));
      for await (const { entries } of feed.subscribe({ topics: ['fiscal-invoice'], from, batchSize: 3, signal: stop.signal })) {
        taken.push(...entries);
        if (taken.length >= count) stop.abort();
      }
      return taken;
    }

    it('gives the events of its topics, each with the lane of its stream, in position order within the lane', async () => {
      const { feed, append } = await make();
      for (let seed = 0; seed < 8; seed += 1) await append(invoiceStream(seed), [toNew(invoiceStream(seed), 0, created(seed)), toNew(invoiceStream(seed), 1, started())]);
      await append(userStream(1), [toNew(userStream(1), 0, registered)]);
      const taken = await take(feed, 16);
      expect(taken.map(({ event }) => event.type).filter((type) => type.startsWith('auth.'))).to.deep.equal([]);
      expect(taken).to.have.length(16);
      const last = new Map<string, Position>();
      for (const { event, lane } of taken) {
        expect(lane).to.equal(laneOf(event.type, event.stream));
        expect(isAfter(event.position, last.get(lane) ?? ORIGIN)).to.equal(true);
        last.set(lane, event.position);
      }
    });

    it('goes on after a position and follows what is appended later', async () => {
      const { feed, append } = await make();
      await append(invoiceStream(1), [toNew(invoiceStream(1), 0, created(1))]);
      const [first] = await take(feed, 1);
      const later = take(feed, 1, first?.event.position);
      await append(invoiceStream(2), [toNew(invoiceStream(2), 0, created(2))]);
      expect((await later).map(({ event }) => event.stream)).to.deep.equal([invoiceStream(2)]);
    });

    it('counts what is behind a position, by topic', async () => {
      const { feed, append } = await make();
      await append(invoiceStream(1), [toNew(invoiceStream(1), 0, created(1)), toNew(invoiceStream(1), 1, started())]);
      await append(userStream(1), [toNew(userStream(1), 0, registered)]);
      expect((await feed.status(['fiscal-invoice'], ORIGIN)).behind).to.be.oneOf([2, null]);
      expect((await feed.status(['auth-events'], ORIGIN)).behind).to.be.oneOf([1, null]);
    });
  });
}
