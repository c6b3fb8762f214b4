import { expect } from 'chai';
import fc from 'fast-check';
import type { Lane } from '#contracts/kernel/lane.js';
import { toPosition } from '#contracts/kernel/position.js';
import { Waiter, WaitingLine } from '#platform/progress/waiting-line.js';

const waiterFor = (position: number): Waiter => new Waiter([{ position: toPosition(String(position)), lane: 'v1/fiscal-invoice/0' as Lane }], () => undefined);

describe('the line of those who wait for a lane', () => {
  it('has the lowest position first, whoever comes, leaves its head or leaves its middle; who has left is linked to nobody', () => {
    const steps = fc.array(fc.oneof(
      { weight: 3, arbitrary: fc.record({ join: fc.integer({ min: 1, max: 200 }) }) }, { weight: 2, arbitrary: fc.record({ leave: fc.nat() }) }, { weight: 1, arbitrary: fc.constant({ pop: true }) },
    ), { maxLength: 80 });
    fc.assert(fc.property(steps, (given) => {
      const line = new WaitingLine();
      const inside: Waiter[] = [];
      const leave = (waiter: Waiter): void => {
        inside.splice(inside.indexOf(waiter), 1);
        line.leave(waiter);
        expect([waiter.child, waiter.next, waiter.before]).to.deep.equal([undefined, undefined, undefined]);
      };
      const lowest = (): number | undefined => (inside.length === 0 ? undefined : Math.min(...inside.map(({ awaited }) => Number(awaited))));
      const check = (): void => { expect(line.first && Number(line.first.awaited)).to.equal(lowest()); };
      for (const step of given) {
        if ('join' in step) {
          const waiter = waiterFor(step.join);
          inside.push(waiter);
          line.join(waiter);
        } else {
          const waiter = 'pop' in step ? line.first : inside[step.leave % inside.length];
          if (waiter) leave(waiter);
        }
        check();
      }
      for (let { first } = line; first; { first } = line) {
        expect(inside).to.include(first);
        leave(first);
        check();
      }
      expect(inside).to.deep.equal([]);
    }), { numRuns: 500 });
  });

  it('takes a hundred thousand in the worst orders without a deep stack', () => {
    for (const positionOf of [(index: number) => index, (index: number) => 200_000 - index]) {
      const line = new WaitingLine();
      for (let index = 1; index <= 100_000; index += 1) line.join(waiterFor(positionOf(index)));
      const order: number[] = [];
      for (let { first } = line; first; { first } = line) {
        order.push(Number(first.awaited));
        line.leave(first);
      }
      expect([order.length, order.every((position, at) => position > (order[at - 1] ?? 0))]).to.deep.equal([100_000, true]);
    }
  });
});
