import { EventStoreDBClient } from '@eventstore/db-client';
import { until } from '../until.js';
import { EventStoreDouble } from './double.js';

/**
 * Run by itself, in a process that it ends: two clients of 6.2.1 with an append in flight each, by the batch path; the connection of one is
 * cut, and the server of the other answers afterwards.
 */
const [broken, healthy] = [await EventStoreDouble.start(), await EventStoreDouble.start()];
const [first, second] = [broken, healthy].map((double) => EventStoreDBClient.connectionString(double.connectionString));
const event = () => ({ id: crypto.randomUUID(), type: 'test', contentType: 'application/json', data: {}, metadata: undefined }) as const;
broken.faults.deaf = true;
healthy.faults.answerAfterMs = 200;
const writes = healthy.log.all.length;
const outcomes = [first, second].map(async (client) => client?.appendToStream('test-1', event()).then(() => 'appended', () => 'rejected'));
await until(() => healthy.log.all.length > writes);
broken.wire.cut();
process.stdout.write(`${(await Promise.all(outcomes)).join(' ')}\n`);
