import { expect } from 'chai';
import fc from 'fast-check';
import { AUTHORITY_STATUSES } from '#contracts/invoice/authority.js';
import { afterAnswer, afterFailure, AUTHORITY_TIMES, nextByCalendar, type CheckState, type Moment } from '../../../write-side/authority/schedule.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const archivedAt = new Date('2026-03-01T12:00:00Z');
const at = (age: number, random = 0): Moment => ({ now: new Date(archivedAt.getTime() + age), random, times: AUTHORITY_TIMES });
const fresh: CheckState = { dueAt: archivedAt, missing: 0, failures: 0, failedSince: null };
/** Days of age at which the next question is due; null: none. */
const dayOf = (date: Date | null): number | null => (date === null ? null : (date.getTime() - archivedAt.getTime()) / DAY);

describe('the calendar of questions to an authority', () => {
  it('goes from a day over a week and a month to every month, up to two years after the archive', () => {
    const days: (number | null)[] = [];
    for (let age: number | null = 10 * 60_000; age !== null;) {
      const next = dayOf(nextByCalendar(archivedAt, at(age)));
      days.push(next);
      age = next === null ? null : next * DAY;
    }
    expect(days.slice(0, 5)).to.deep.equal([1, 7, 30, 60, 90]);
    expect(days.slice(-3)).to.deep.equal([690, 720, null]);
  });

  it('asks of an old archive once, and then as of its age', () => {
    expect([dayOf(nextByCalendar(archivedAt, at(400 * DAY))), dayOf(nextByCalendar(archivedAt, at(3_000 * DAY)))]).to.deep.equal([420, null]);
  });

  it('keeps apart what was archived together, always in the future', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 800 * DAY }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (age, random) => {
      const next = nextByCalendar(archivedAt, at(age, random));
      const plain = nextByCalendar(archivedAt, at(age));
      if (next === null || plain === null) return next === plain;
      const gap = plain.getTime() - archivedAt.getTime() - age;
      return gap > 0 && next >= plain && next.getTime() - plain.getTime() <= gap * 0.1 + 1;
    }));
    expect(nextByCalendar(archivedAt, at(0, 0.9))).not.to.deep.equal(nextByCalendar(archivedAt, at(0, 0.1)));
  });
});

describe('an answer of an authority', () => {
  it('that it stands is told, and asked again by the calendar', () => {
    expect(afterAnswer(archivedAt, { ...fresh, failures: 3, failedSince: archivedAt, missing: 2 }, 'in-force', at(HOUR))).to.deep.equal({ tell: true, next: { missing: 0, failures: 0, failedSince: null, dueAt: new Date(archivedAt.getTime() + DAY) } });
  });

  it('that it was cancelled is the last one', () => {
    expect(afterAnswer(archivedAt, fresh, 'cancelled', at(HOUR))).to.deep.equal({ tell: true, next: { ...fresh, dueAt: null } });
  });

  it('that it is not there is told when it was the same an hour and a day later, and in the end is a state like the others', () => {
    const told: boolean[] = [];
    const ages: number[] = [];
    let [state, age] = [fresh, 600_000];
    for (let time = 0; time < 5; time += 1) {
      const { tell, next } = afterAnswer(archivedAt, state, 'not-found', at(age));
      told.push(tell);
      if (next.dueAt === null) throw new Error('no next question');
      age = next.dueAt.getTime() - archivedAt.getTime();
      ages.push(age);
      state = next;
    }
    expect(told).to.deep.equal([false, false, true, true, true]);
    expect(ages).to.deep.equal([600_000 + HOUR, 600_000 + HOUR + DAY, 7 * DAY, 30 * DAY, 60 * DAY]);
    expect(afterAnswer(archivedAt, state, 'in-force', at(age)).next.missing).to.equal(0);
  });
});

describe('an attempt in vain', () => {
  it('waits longer and longer, up to six hours, and forgets nothing that was answered', () => {
    const waits: number[] = [];
    let state: CheckState = { ...fresh, missing: 1 };
    for (let time = 0; time < 14; time += 1) {
      state = afterFailure(archivedAt, state, false, at(0, 0.999_999));
      waits.push(Math.round(((state.dueAt?.getTime() ?? 0) - archivedAt.getTime()) / 1_000));
    }
    expect(waits.slice(0, 3)).to.deep.equal([30, 60, 120]);
    expect(waits.slice(-2)).to.deep.equal([21_600, 21_600]);
    expect([state.missing, state.failures, state.failedSince]).to.deep.equal([1, 14, archivedAt]);
  });

  it('waits an hour to a day where the authority refused the question', () => {
    const { dueAt } = afterFailure(archivedAt, fresh, true, at(0));
    expect((dueAt?.getTime() ?? 0) - archivedAt.getTime()).to.equal(HOUR / 2);
    const long = afterFailure(archivedAt, { ...fresh, failures: 50 }, true, at(0, 0.999_999)).dueAt;
    expect((long?.getTime() ?? 0) - archivedAt.getTime()).to.be.closeTo(DAY, 1_000);
  });

  it('of thirty days leaves it to the calendar, which may be over', () => {
    const vain = { ...fresh, failures: 90, failedSince: new Date(archivedAt.getTime() + DAY) };
    expect(dayOf(afterFailure(archivedAt, vain, false, at(32 * DAY)).dueAt)).to.equal(60);
    expect(afterFailure(archivedAt, vain, false, at(900 * DAY))).to.deep.equal({ ...fresh, dueAt: null });
  });

  it('or an answer leads, from any state, to a later moment or to none', () => {
    const state = fc.record({ missing: fc.nat(5), failures: fc.nat(2_000), failedSince: fc.option(fc.integer({ min: 0, max: 900 * DAY }).map((age) => new Date(archivedAt.getTime() + age))), dueAt: fc.constant(archivedAt) });
    const outcome = fc.constantFrom(...AUTHORITY_STATUSES, 'failed' as const, 'refused' as const);
    fc.assert(fc.property(state, outcome, fc.integer({ min: 0, max: 900 * DAY }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (before, what, age, random) => {
      const moment = at(age, random);
      const next = what === 'failed' || what === 'refused' ? afterFailure(archivedAt, before, what === 'refused', moment) : afterAnswer(archivedAt, before, what, moment).next;
      return next.dueAt === null || next.dueAt > moment.now;
    }));
  });
});
