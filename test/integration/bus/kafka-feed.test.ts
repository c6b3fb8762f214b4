import { expect } from 'chai';
import type { Kafka } from 'kafkajs';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { USERS_TABLE } from '#contracts/read-models/tables/users.js';
import { PARTITIONS, partitionOf } from '#contracts/topics.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Leases } from '#platform/control/leases.js';
import { RelayBoard } from '#platform/control/relay-board.js';
import { deadLetterTopic, KafkaFeed } from '#platform/feed/kafka/kafka-feed.js';
import { evolveInvoice } from '../../../projections/invoice-row/evolve.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { TOPIC_RULES } from '../../../projections/kit/topics.js';
import { USERS } from '../../../projections/users/store.js';
import { Relay } from '../../../write-side/relay/relay.js';
import { feedSuite } from '../../suites/feed.js';
import { committedRecords, testBus } from '../../support/bus.js';
import { describeWith, isOurs, restartEngine, testEngine } from '../../support/engines.js';
import { invoiceStream, lifeOf, userStream } from '../../unit/projections/events.js';
import { caughtUp, Harness, until } from '../projections/harness.js';

const SUMMARY = INVOICE_SUMMARY.name;
const quiet = { info: () => undefined, warn: () => undefined };

/** A log in memory, a relay that publishes it to the real broker, and feeds that read it there. */
class Bus {
  readonly #cleanups: (() => Promise<unknown>)[] = [];
  private constructor(readonly harness: Harness, readonly kafka: Kafka, readonly prefix: string) {}

  static async open(address: string): Promise<Bus> {
    const { kafka, settings } = testBus(address);
    return new Bus(await Harness.open(), kafka, settings.prefix);
  }

  relay(owner = 'relay'): Relay {
    const control = new ControlDatabase(this.harness.controlSettings);
    const relay = new Relay({ name: 'main', kafka: this.kafka, prefix: this.prefix, store: this.harness.store, leases: new Leases(control, owner), board: new RelayBoard(control), log: quiet });
    relay.start();
    this.#cleanups.push(() => relay.stop().then(() => control.close()));
    return relay;
  }

  feed(onDeadLetter?: () => void): KafkaFeed {
    const { kafka, prefix } = this;
    const feed = new KafkaFeed({ kafka, prefix, partitions: PARTITIONS, rules: TOPIC_RULES, store: this.harness.store, ...(onDeadLetter && { onDeadLetter }) });
    this.#cleanups.push(() => feed.close());
    return feed;
  }

  /** The relay has published all of the log. */
  async published(relay: Relay): Promise<void> {
    const { head } = await this.harness.store.status();
    await until(() => relay.status().position === head, 'published');
  }

  async deleteRecords(): Promise<void> {
    const topic = `${this.prefix}fiscal-invoice`;
    const admin = this.kafka.admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: offsets.filter(({ high }) => high !== '0').map(({ partition, high }) => ({ partition, offset: high })) });
    await admin.disconnect();
  }

  async folds(): Promise<InvoiceSummary[]> {
    const rows = new Map<string, InvoiceSummary>();
    for (const event of (await this.harness.store.readAll(ORIGIN, { limit: 1_000_000 })).events) if (event.type.startsWith('fiscal.')) rows.set(event.stream, evolveInvoice(rows.get(event.stream), event as InvoiceEvent));
    return [...rows.values()].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }

  async expectRowsAreFolds(): Promise<void> {
    expect(await this.harness.rows(SUMMARY, 1, INVOICE_SUMMARY_TABLE)).to.deep.equal(await this.folds());
  }

  async close(): Promise<void> {
    await this.harness.close();
    for (const cleanup of this.#cleanups.reverse()) await cleanup();
  }
}

describeWith('kafka', 'the bus as a feed', (address) => {
  const opened: Bus[] = [];
  after(() => Promise.all(opened.map((bus) => bus.close())));

  feedSuite('of Kafka', async () => {
    const bus = await Bus.open((await testEngine('kafka')) ?? '');
    opened.push(bus);
    bus.relay();
    const { store } = bus.harness;
    return { feed: bus.feed(), append: async (stream, events) => void (await store.append(stream, 'any', events)) };
  });

  describe('under a worker', () => {
    let bus: Bus;
    beforeEach(async () => { bus = await Bus.open(address()); });
    afterEach(() => bus.close());

    it('makes each row the fold of its stream', async () => {
      for (let seed = 0; seed < 60; seed += 1) await bus.harness.append(invoiceStream(seed), lifeOf(seed));
      bus.relay();
      const worker = await bus.harness.start({ projections: [INVOICE_SUMMARY], feed: bus.feed() });
      await caughtUp(worker, SUMMARY);
      for (let seed = 60; seed < 90; seed += 1) await bus.harness.append(invoiceStream(seed), lifeOf(seed));
      await caughtUp(worker, SUMMARY);
      await bus.expectRowsAreFolds();
    });

    it('gives a projection what the bus withholds', async () => {
      bus.relay();
      const worker = await bus.harness.start({ projections: [USERS], feed: bus.feed() });
      await bus.harness.append(userStream(1), [{ type: 'auth.user.registered', data: { email: 'a@example.org', name: 'A Name', role: 'viewer', tier: 'free', credential: 'c' } }]);
      await caughtUp(worker, USERS.name);
      expect(await bus.harness.rows(USERS.name, 1, USERS_TABLE)).to.have.nested.property('[0].email', 'a@example.org');
    });

    it('goes on from its checkpoints after a restart, and repeats nothing that is applied', async () => {
      const relay = bus.relay();
      const first = await bus.harness.start({ projections: [INVOICE_SUMMARY], feed: bus.feed() });
      await bus.harness.append(invoiceStream(1), lifeOf(1).slice(0, 2));
      await caughtUp(first, SUMMARY);
      await first.stop();
      await bus.harness.append(invoiceStream(1), lifeOf(1).slice(2));
      await bus.published(relay);
      const second = await bus.harness.start({ projections: [INVOICE_SUMMARY], owner: 'another', feed: bus.feed() });
      await caughtUp(second, SUMMARY);
      await bus.expectRowsAreFolds();
      expect(second.workers()[SUMMARY]?.outcomes.applied).to.equal(3);
    });

    it('loses nothing when records are deleted before they were read and their streams get no later event', async () => {
      const relay = bus.relay();
      const first = await bus.harness.start({ projections: [INVOICE_SUMMARY], feed: bus.feed() });
      for (let seed = 0; seed < 20; seed += 1) await bus.harness.append(invoiceStream(seed), lifeOf(seed).slice(0, 2));
      await caughtUp(first, SUMMARY);
      await first.stop();
      for (let seed = 0; seed < 20; seed += 1) await bus.harness.append(invoiceStream(seed), lifeOf(seed).slice(2));
      await bus.published(relay);
      await bus.deleteRecords();
      const second = await bus.harness.start({ projections: [INVOICE_SUMMARY], owner: 'another', feed: bus.feed() });
      await caughtUp(second, SUMMARY);
      await bus.expectRowsAreFolds();
      await bus.harness.append(invoiceStream(100), lifeOf(100));
      await caughtUp(second, SUMMARY);
      await bus.expectRowsAreFolds();
    });

    it('loses nothing when records are deleted under a worker that is behind', async () => {
      const relay = bus.relay();
      let hold = false;
      let release = (): void => undefined;
      const beforeCommit = (): Promise<void> => (hold ? new Promise((resolve) => { release = resolve; }) : Promise.resolve());
      const worker = await bus.harness.start({ projections: [INVOICE_SUMMARY], feed: bus.feed(), hooks: { beforeCommit } });
      await bus.harness.append(invoiceStream(1), lifeOf(1).slice(0, 1));
      await caughtUp(worker, SUMMARY);
      hold = true;
      // More than a reader holds, so that some are not even fetched when they are deleted.
      for (let seed = 200; seed < 2_000; seed += 1) await bus.harness.append(invoiceStream(seed), lifeOf(seed).slice(0, 4));
      await bus.published(relay);
      await bus.deleteRecords();
      hold = false;
      release();
      await caughtUp(worker, SUMMARY);
      await bus.expectRowsAreFolds();
    }).timeout(60_000);

    it('takes nothing twice that was delivered twice', async () => {
      const relay = bus.relay();
      for (let seed = 0; seed < 20; seed += 1) await bus.harness.append(invoiceStream(seed), lifeOf(seed));
      await bus.published(relay);
      let records = await committedRecords(bus.kafka, [`${bus.prefix}fiscal-invoice`]);
      while (records.filter(({ key }) => key !== undefined).length < 100) records = await committedRecords(bus.kafka, [`${bus.prefix}fiscal-invoice`]);
      const producer = bus.kafka.producer();
      await producer.connect();
      const again = records.filter(({ key }) => key !== undefined);
      const repeated = [...again, ...again].map(({ key = '', value, headers, partition }) => ({ key, value, headers: { ...headers }, partition }));
      await producer.send({ topic: `${bus.prefix}fiscal-invoice`, messages: repeated });
      await producer.disconnect();
      const worker = await bus.harness.start({ projections: [INVOICE_SUMMARY], feed: bus.feed() });
      await caughtUp(worker, SUMMARY);
      await bus.expectRowsAreFolds();
      expect(worker.workers()[SUMMARY]?.outcomes.applied).to.equal(100);
    });

    it('puts a record that says nothing of itself aside and goes on; one with its place is read from the store', async () => {
      const relay = bus.relay();
      await bus.harness.append(invoiceStream(1), lifeOf(1).slice(0, 1));
      await bus.published(relay);
      const producer = bus.kafka.producer();
      await producer.connect();
      const topic = `${bus.prefix}fiscal-invoice`;
      const partition = partitionOf(invoiceStream(1));
      await bus.harness.append(invoiceStream(1), lifeOf(1).slice(1, 2));
      await producer.send({ topic, messages: [{ partition, key: 'x', value: 'not json', headers: { foreign: 'yes' } }] });
      await producer.disconnect();
      let letters = 0;
      const worker = await bus.harness.start({ projections: [INVOICE_SUMMARY], feed: bus.feed(() => { letters += 1; }) });
      await caughtUp(worker, SUMMARY);
      await until(() => letters >= 1, 'put aside');
      await bus.expectRowsAreFolds();
      expect(await committedRecords(bus.kafka, [deadLetterTopic(bus.prefix)])).to.have.nested.property('[0].value', 'not json');
    });

    it('hands lanes from worker to worker, each event applied once', async () => {
      bus.relay();
      const first = await bus.harness.start({ projections: [INVOICE_SUMMARY], owner: 'A', feed: bus.feed() });
      await caughtUp(first, SUMMARY);
      const second = await bus.harness.start({ projections: [INVOICE_SUMMARY], owner: 'B', feed: bus.feed() });
      for (let seed = 0; seed < 30; seed += 1) await bus.harness.append(invoiceStream(seed), lifeOf(seed));
      await first.stop();
      for (let seed = 30; seed < 60; seed += 1) await bus.harness.append(invoiceStream(seed), lifeOf(seed));
      await caughtUp(second, SUMMARY);
      await bus.expectRowsAreFolds();
    });

    it('survives a broker that is killed and comes back', async function () {
      if (!isOurs('kafka')) this.skip();
      const relay = bus.relay();
      const worker = await bus.harness.start({ projections: [INVOICE_SUMMARY], feed: bus.feed() });
      for (let seed = 0; seed < 30; seed += 1) await bus.harness.append(invoiceStream(seed), lifeOf(seed));
      await caughtUp(worker, SUMMARY);
      const restart = restartEngine('kafka', 'SIGKILL');
      for (let seed = 30; seed < 60; seed += 1) await bus.harness.append(invoiceStream(seed), lifeOf(seed));
      await restart;
      const { head } = await bus.harness.store.status();
      while (relay.status().position !== head || (await worker.status()).some(({ eventsBehind }) => eventsBehind !== 0)) await new Promise((resolve) => setImmediate(resolve));
      await bus.expectRowsAreFolds();
    }).timeout(90_000);

    it('stops and skips nothing when the store was restored to an older state', async () => {
      bus.relay();
      const { store } = bus.harness;
      let restored = false;
      bus.harness.liveStore = {
        append: (...args) => store.append(...args), readStream: (...args) => store.readStream(...args), readAll: (...args) => store.readAll(...args), subscribe: (options) => store.subscribe(options),
        status: async (after) => ({ ...(await store.status(after)), ...(restored && { head: '1' as typeof ORIGIN }) }),
      };
      const feed = new KafkaFeed({ kafka: bus.kafka, prefix: bus.prefix, partitions: PARTITIONS, rules: TOPIC_RULES, store: { readAll: (...args) => store.readAll(...args), readStream: (...args) => store.readStream(...args), status: (after) => bus.harness.liveStore?.status(after) ?? store.status(after) } });
      const worker = await bus.harness.start({ projections: [INVOICE_SUMMARY], feed, checkLogMs: 20 });
      await bus.harness.append(invoiceStream(1), lifeOf(1));
      await caughtUp(worker, SUMMARY);
      restored = true;
      await until(() => worker.workers()[SUMMARY]?.state === 'log-diverged', 'noticed');
      await feed.close();
    });
  });
});
