import type { Cell, Drift, Schedule, Trial } from '@driftfarm/spec'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cellOf, drift, exits, formula, indexed } from './cells.fixture.ts'
import { compile, decodeOutcome, Kernel, prepare, runReference } from './index.ts'

const literal = fc.constantFrom('0', '1', '2', '0.5', '3.25', '1e-3', 'pi', 'c')

/** Formulas of the whole grammar over the given leaves. */
function formulas(...leaves: readonly string[]): fc.Arbitrary<string> {
  const { number } = fc.letrec<{ number: string; condition: string }>((tie) => ({
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(fc.constantFrom(...leaves), literal),
      fc
        .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number'))
        .map(([a, o, b]) => `(${a} ${o} ${b})`),
      fc.tuple(tie('number'), fc.constantFrom('2', '3', '5', '-1', '-2', '0.5', '1.5')).map(([a, k]) => `(${a})^${k}`),
      fc
        .tuple(
          fc.constantFrom(
            'exp',
            'log',
            'sqrt',
            'sin',
            'cos',
            'tan',
            'sinh',
            'cosh',
            'tanh',
            'atan',
            'acos',
            'abs',
            'sigmoid',
            'softplus',
            'relu',
            'erf',
          ),
          tie('number'),
        )
        .map(([name, a]) => `${name}(${a})`),
      fc
        .tuple(fc.constantFrom('min', 'max'), tie('number'), tie('number'))
        .map(([name, a, b]) => `${name}(${a}, ${b})`),
      tie('number').map((a) => `(-${a})`),
    ),
    condition: fc.constant(''),
  }))
  return number
}

const amount = fc.double({ min: 0.01, max: 2, noNaN: true })
const schedule: fc.Arbitrary<Schedule> = fc.oneof(
  amount.map((value): Schedule => ({ kind: 'constant', value })),
  fc
    .tuple(amount, fc.double({ min: 1, max: 50, noNaN: true }), amount)
    .map(([initial, offset, exponent]): Schedule => ({ kind: 'power', initial, offset, exponent })),
  fc
    .tuple(amount, amount)
    .map(([initial, rate]): Schedule => ({ kind: 'exponential', initial, rate: Math.min(rate, 1) })),
  fc
    .tuple(amount, amount, fc.integer({ min: 1, max: 40 }))
    .map(([initial, final, steps]): Schedule => ({ kind: 'cosine', initial, final, steps })),
  formulas('n').map(
    (expression): Schedule => ({ kind: 'expression', expression: `abs(${expression})`.replaceAll(/\bc\b/g, '2') }),
  ),
)
const drifts: fc.Arbitrary<Drift[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom('gaussian' as const, 'uniform' as const, 'rademacher' as const),
      fc.constantFrom('sigma' as const, 'step' as const, 'temperature' as const),
      schedule,
    )
    .map(([law, scale, amount]) => drift(law, scale, amount)),
  { maxLength: 3 },
)

function trials(dimension: number, ...leaves: readonly string[]): fc.Arbitrary<Partial<Trial>> {
  const seen = formulas(...leaves, 'loss', 'gradnorm', 'distance', 'step')
  const condition = fc
    .tuple(seen, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), seen, fc.constantFrom('', '!'))
    .map(([a, o, b, no]) => `${no}(${a} ${o} ${b})`)
  const point = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: dimension, maxLength: dimension })
  const named = (...names: string[]) =>
    fc.tuple(...names.map(() => condition)).map((all) => all.map((when, i) => [names[i]!, when] as const))
  const hold = fc.integer({ min: 1, max: 6 })
  return fc.record<Partial<Trial>>({
    steps: fc.integer({ min: 1, max: 60 }),
    divergence: fc.constantFrom(1e6, 5, 1e300),
    escape: fc.oneof(
      fc.constant(null),
      named('a', 'b').map((all) => exits(...all)),
      fc.record({ kind: fc.constant('outside' as const), radius: amount, of: point }),
    ),
    converge: fc.oneof(
      fc.constant(null),
      fc.record({
        kind: fc.constant('within' as const),
        radius: amount,
        of: fc.tuple(point, point).map(([p, q]) => [['', p] as const, ['m', q] as const]),
        hold,
      }),
      fc.record({ kind: fc.constant('gradient' as const), tolerance: amount, hold }),
      fc.record({ kind: fc.constant('when' as const), when: condition, hold }),
    ),
    afterEscape: fc.constantFrom('stop', 'continue'),
    afterConverge: fc.constantFrom('stop', 'continue'),
    marks: named('first', 'second'),
    classify: fc.oneof(fc.constant([]), named('good', 'bad')),
    minima: fc.tuple(point, point).map(([p, q]) => [['m', p] as const, ['o', q] as const]),
    settledRadius: amount,
  })
}

function cells(landscape: (expression: string) => Cell['landscape'], dimension: number, ...leaves: readonly string[]) {
  return fc
    .record({
      expression: formulas(...leaves),
      start: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: dimension, maxLength: dimension }),
      momentum: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 0.99, noNaN: true })),
      eta: schedule,
      drift: drifts,
      trial: trials(dimension, ...leaves),
      seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      first: fc.integer({ min: 0, max: 10 ** 12 }),
    })
    .map(({ expression, start, momentum, eta, drift, trial, seed, first }) => ({
      first,
      cell: cellOf({
        landscape: landscape(expression),
        start,
        update: { rule: momentum === null ? { kind: 'gradient' } : { kind: 'momentum', beta: momentum }, eta, drift },
        trial,
        seed: String(seed),
      }),
    }))
}

const parameters = [['c', 0.7]] as const
const kinds = {
  'two variables': cells((e) => formula(['x', 'y'], e, parameters), 2, 'x', 'y'),
  'one variable': cells((e) => formula(['x'], e, parameters), 1, 'x'),
  'sums over three coordinates, written out': cells(
    (e) => indexed(3, `sum(i, 1, 2, ${e})`, parameters),
    3,
    'x[1]',
    'x[3]',
  ),
  'sums over twelve coordinates, in loops': cells(
    (e) =>
      indexed(
        12,
        `sum(i, 1, 12, x[i]^2*i/12) + sum(i, 2, 11, (${e}) - x[i]*x[i+1]) + prod(i, 1, 3, cos(x[i-1+1]))`,
        parameters,
      ),
    12,
    'x[1]',
    'x[12]',
    'sum(j, 1, 12, x[j])',
  ),
}

it.each(Object.keys(kinds) as (keyof typeof kinds)[])('random cells agree with the reference: %s', async (kind) => {
  await fc.assert(
    fc.asyncProperty(kinds[kind], async ({ cell, first }) => {
      const prepared = prepare(cell)
      const kernel = Kernel.create(new WebAssembly.Module((await compile(prepared.source)) as BufferSource), prepared)
      const expected = runReference(cell, first, 13, { horizons: [10] })
      const { records, tally, digest } = kernel.run(first, 13, { keep: true, horizons: [10] })
      for (let i = 0; i < 13; i++) {
        expect(decodeOutcome(records!, prepared.layout, i)).toEqual(decodeOutcome(expected.records, prepared.layout, i))
      }
      expect(records).toEqual(expected.records)
      expect(tally).toEqual(expected.tally)
      expect(digest).toBe(expected.digest)
    }),
    { numRuns: 5, seed: 20261124 },
  )
})
