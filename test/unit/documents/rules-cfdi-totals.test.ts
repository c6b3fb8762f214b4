import { expect } from 'chai';
import fc from 'fast-check';
import { compareMoney, roundMoney, sumMoney, type Money } from '#contracts/money.js';
import { Sum } from '../../../write-side/documents/decimal.js';
import { unsigned } from '../../../write-side/documents/rules/cfdi/rule.js';

const negated = (amount: Money): Money => (amount.startsWith('-') ? amount.slice(1) : /[1-9]/u.test(amount) ? `-${amount}` : amount) as Money;

describe('a sum of written amounts', () => {
  const amount = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.nat(12)).map(([units, scale]) => {
    const digits = units.toString().padStart(scale + 1, '0');
    return (scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`) as Money;
  });

  it('is exact, whatever their sizes and decimals', () => {
    fc.assert(fc.property(fc.array(amount, { maxLength: 40 }), fc.constantFrom(0, 2, 4), (amounts, decimals) => {
      const sum = new Sum(unsigned);
      for (const text of amounts) sum.add(text);
      expect(sum.rounded(decimals)).to.equal(roundMoney(sumMoney(amounts), decimals));
    }), { numRuns: 500 });
  });

  it('is exact with signs, too, and what is absent counts nothing', () => {
    fc.assert(fc.property(fc.array(fc.tuple(amount, fc.boolean(), fc.boolean()), { maxLength: 40 }), fc.constantFrom(0, 2, 4), (rows, decimals) => {
      const sum = new Sum();
      const written = rows.map(([text, isNegative, isTaken]) => {
        const one = (isNegative && /[1-9]/u.test(text) ? `-${text}` : text) as Money;
        if (isTaken) sum.subtract(one);
        else sum.add(one);
        sum.add(undefined);
        return isTaken ? negated(one) : one;
      });
      expect(compareMoney(sum.rounded(decimals) ?? ('1' as Money), roundMoney(sumMoney(written), decimals))).to.equal(0);
    }), { numRuns: 500 });
  });

  it('is none of what is no amount', () => {
    for (const text of [undefined, '', '-1', '1e3', ' 1', '1.', '9'.repeat(25)]) {
      const sum = new Sum(unsigned);
      sum.add('1.00');
      sum.add(text);
      sum.add('1.00');
      expect(sum.rounded(2)).to.equal(undefined);
    }
  });
});
