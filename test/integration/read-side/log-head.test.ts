import { expect } from 'chai';
import { toPosition } from '#contracts/kernel/position.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { LogHead } from '../../../read-side/log-head.js';
import { freshLog } from '../../support/event-store.js';
import { invoiceStream, lifeOf, toNew } from '../../unit/projections/events.js';

describe('the head of a log in Postgres', () => {
  it('is told apart from every position beyond it, also those that no bigint holds, and is asked for only when it must be', async () => {
    const { append, read } = await freshLog();
    const store = new PostgresEventStore({ append, read });
    try {
      let asked = 0;
      const head = new LogHead({ status: (after) => ((asked += 1), store.status(after)) });
      await store.append(invoiceStream(1), 'none', lifeOf(1).map((fact, revision) => toNew(invoiceStream(1), revision, fact)));
      const { head: last } = await store.status();
      const beyond = [String(Number(last) + 1), '9223372036854775807', '9223372036854775808', '99999999999999999999'];
      expect(await Promise.all(beyond.map((position) => head.has(toPosition(position))))).to.deep.equal(beyond.map(() => false));
      expect(asked).to.equal(beyond.length);
      expect([await head.has(last), await head.has(toPosition('1'))]).to.deep.equal([true, true]);
      expect(asked, 'what is below the newest head seen needs no question').to.equal(beyond.length);
      await store.append(invoiceStream(2), 'none', lifeOf(2).map((fact, revision) => toNew(invoiceStream(2), revision, fact)));
      expect(await head.has(toPosition(String(Number(last) + 1)))).to.equal(true);
    } finally {
      await store.close();
    }
  });
});
