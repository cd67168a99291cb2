import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addFields } from './add.ts'
import { exactUnits, fromUnits, quotient, sumsOf, valueBin, valueBinStart, zeroValues } from './values.ts'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const subnormal = fc.bigInt({ min: 1n, max: (1n << 52n) - 1n })
const positive = fc.oneof(
  fc.double({ noNaN: true, min: Number.MIN_VALUE, max: Number.MAX_VALUE }),
  subnormal.map((units) => Number(units) * Number.MIN_VALUE),
)

/** |a/b - x| as a fraction over 2^1074 b: what x is wrong by. */
function miss(a: bigint, b: bigint, x: number): bigint {
  const apart = (a << 1074n) - exactUnits(x) * b
  return apart < 0n ? -apart : apart
}

const next = (x: number, by: bigint) => {
  const words = new DataView(new ArrayBuffer(8))
  words.setFloat64(0, x)
  words.setBigUint64(0, words.getBigUint64(0) + by)
  return words.getFloat64(0)
}

describe('exact units', () => {
  it.each([
    [0, 0n],
    [Number.MIN_VALUE, 1n],
    [-Number.MIN_VALUE, -1n],
    [2 ** -1022, 1n << 52n],
    [2 ** -1022 - Number.MIN_VALUE, (1n << 52n) - 1n],
    [1, 1n << 1074n],
    [Number.MAX_VALUE, ((1n << 53n) - 1n) << 2045n],
  ])('of %d', (x, units) => {
    expect(exactUnits(x)).toBe(units)
    expect(fromUnits(units)).toBe(x)
  })

  it('bring back any double', () => {
    fc.assert(fc.property(finite, (x) => fromUnits(exactUnits(x)) === x))
    fc.assert(fc.property(positive, (x) => fromUnits(exactUnits(x)) === x))
  })

  it('add as rationals do', () => {
    fc.assert(
      fc.property(finite, finite, (x, y) => {
        // The one rounding of an addition is that of the exact sum.
        const sum = x + y
        return !Number.isFinite(sum) || fromUnits(exactUnits(x) + exactUnits(y)) === sum
      }),
    )
  })

  it('lose nothing where doubles do', () => {
    const values = [1, 1e-20, 1e-300, Number.MIN_VALUE]
    expect(values.reduce((sum, x) => sum + x)).toBe(1)
    const sum = values.reduce((units, x) => units + exactUnits(x), 0n)
    expect(sum - exactUnits(1) - exactUnits(1e-20) - exactUnits(1e-300)).toBe(1n)
  })
})

describe('a quotient', () => {
  it('is the nearest double', () => {
    const whole = fc.bigInt({ min: 1n, max: 1n << 200n })
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        const x = quotient(a, b)
        return miss(a, b, x) <= miss(a, b, next(x, 1n)) && miss(a, b, x) <= miss(a, b, next(x, -1n))
      }),
    )
  })

  it('is rounded once where doubles lose bits', () => {
    fc.assert(
      fc.property(subnormal, fc.bigInt({ min: 1n, max: 1n << 90n }), (units, b) => {
        // Nearly (units + 1/2) units: where two roundings would go the wrong way.
        const [a, all] = [(2n * units + 1n) * b - 1n, (2n * b) << 1074n]
        return quotient(a, all) === Number(units) * Number.MIN_VALUE
      }),
    )
  })

  it('takes the even one of two', () => {
    expect(quotient((1n << 54n) + 2n, 1n << 1n)).toBe(2 ** 53)
    expect(quotient((1n << 54n) + 6n, 1n << 1n)).toBe(2 ** 53 + 4)
    expect(quotient(3n, 2n << 1074n)).toBe(2 * Number.MIN_VALUE)
    expect(quotient(1n, 2n << 1074n)).toBe(0)
  })

  it('has its sign, and ends where doubles do', () => {
    expect(quotient(-1n, 3n)).toBe(-1 / 3)
    expect(quotient(0n, 7n)).toBe(0)
    expect(quotient(1n << 1024n, 1n)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('values', () => {
  const tallyOf = (value: number) => ({
    ...zeroValues(1),
    all: sumsOf(value),
    exits: [sumsOf(value / 2)],
    extinct: value === 0 ? 1 : 0,
    levels: 3,
    histogram: value > 0 ? [[valueBin(value), 1] as const] : [],
    decades: [[1, 1, exactUnits(-value)] as const],
  })

  it('add to the same in any order', () => {
    const numbers = fc.array(fc.double({ noNaN: true, min: 0, max: 1 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(numbers, fc.nat(7), (values, turn) => {
        const turned = [...values.slice(turn), ...values.slice(0, turn)].reverse()
        const total = (list: readonly number[]) => list.map(tallyOf).reduce((a, b) => addFields(a, b), zeroValues(1))
        expect(total(turned)).toEqual(total(values))
        expect(total(values).all.squares).toBe(values.reduce((sum, x) => sum + exactUnits(x) ** 2n, 0n))
        expect(total(values).histogram.reduce((sum, [, count]) => sum + count, 0)).toBe(
          values.filter((x) => x > 0).length,
        )
      }),
    )
  })

  it('of different exits do not', () => {
    expect(() => addFields(zeroValues(1), zeroValues(2))).toThrow(RangeError)
  })

  it('lie in bins of a 256th of an octave', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: 2 ** -1000, max: 2 ** 1000 }), (x) => {
        const bin = valueBin(x)
        return (
          valueBinStart(bin) <= x && x < valueBinStart(bin + 1) && valueBinStart(bin + 1) / valueBinStart(bin) < 1.004
        )
      }),
    )
    expect([valueBin(1), valueBin(2)]).toEqual([1023 * 256, 1024 * 256])
  })
})
