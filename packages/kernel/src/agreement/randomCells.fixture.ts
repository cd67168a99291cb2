import type { Cell, NamedCondition, Trial } from '@driftfarm/spec'
import fc from 'fast-check'
import { expect } from 'vitest'
import { compiledModule, decodeOutcome, kernelOf, runReference } from '../index.ts'
import { cellOf, exits, formula, indexed } from './cells.fixture.ts'
import { amount, conditions, formulas, updates } from './randomUpdates.fixture.ts'

/** A module takes about 0.3 s; the kinds are in two files so that two threads share them. */
const cellsOfAKind = process.env.DRIFTFARM_TEST_TIER === 'full' ? 500 : 5

const quantities = ['loss', 'gradnorm', 'distance', 'step', 'sharpness', 'trace', 'index'] as const

function withEvery([name, when]: readonly [string, string], every: number | undefined): NamedCondition {
  return every === undefined ? [name, when] : [name, when, every]
}

function trials(dimension: number, ...leaves: readonly string[]): fc.Arbitrary<Partial<Trial>> {
  const condition = conditions(...leaves, ...quantities)
  const point = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: dimension, maxLength: dimension })
  const every = fc.option(fc.integer({ min: 2, max: 9 }), { nil: undefined })
  const named = (...names: string[]): fc.Arbitrary<NamedCondition[]> =>
    fc
      .tuple(...names.map(() => fc.tuple(condition, every)))
      .map((all) => all.map(([when, steps], i) => withEvery([names[i]!, when], steps)))
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
      fc.record({ kind: fc.constant('when' as const), when: condition, hold, every: fc.integer({ min: 2, max: 9 }) }),
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
      update: updates(dimension, ...leaves, ...quantities),
      trial: trials(dimension, ...leaves),
      seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      first: fc.integer({ min: 0, max: 10 ** 12 }),
    })
    .map(({ expression, start, update, trial, seed, first }) => ({
      first,
      cell: cellOf({
        landscape: landscape(expression),
        start,
        update,
        trial,
        seed: String(seed),
      }),
    }))
}

const parameters = [['c', 0.7]] as const
export const kinds = {
  'two variables': cells((e) => formula(['x', 'y'], e, parameters), 2, 'x', 'y', 'c'),
  'one variable': cells((e) => formula(['x'], e, parameters), 1, 'x', 'c'),
  'sums over 3 to 8 coordinates, written out': fc
    .integer({ min: 3, max: 8 })
    .chain((d) => cells((e) => indexed(d, `sum(i, 1, 2, ${e}) + x[2]^2/2`, parameters), d, 'x[1]', `x[${d}]`, 'c')),
  'sums over 9 to 12 coordinates, in loops': fc
    .integer({ min: 9, max: 12 })
    .chain((d) =>
      cells(
        (e) =>
          indexed(
            d,
            `sum(i, 1, ${d}, x[i]^2*i/12) + sum(i, 2, ${d - 1}, (${e}) - x[i]*x[i+1]) + prod(i, 1, 3, cos(x[i-1+1]))`,
            parameters,
          ),
        d,
        'x[1]',
        `x[${d}]`,
        `sum(j, 1, ${d}, x[j])`,
        'c',
      ),
    ),
}

/** Keys of values at every time that the cell has. */
export function observedIn({ trial, landscape }: Cell): readonly string[] {
  const first = landscape.variables?.[0] ?? 'x[1]'
  const times = ['start', 'horizon', `every:${Math.max(1, Math.floor(trial.steps / 7))}`]
  if (trial.escape !== null) times.push('escape')
  if (trial.converge !== null) times.push('converge')
  for (const [name] of trial.marks) times.push(`mark:${name}`)
  return [...times.map((time) => `loss + gradnorm*distance@${time}`), `1/${first}@horizon`, `step@every:${trial.steps}`]
}

/** Random cells of a kind, each in the kernel and in the reference. */
export async function checkKind(kind: keyof typeof kinds): Promise<void> {
  await fc.assert(
    fc.asyncProperty(kinds[kind], async ({ cell, first }) => {
      // Every other cell also observes values.
      const observe = first % 2 === 0 ? [] : observedIn(cell)
      const kernel = await kernelOf(cell, [], compiledModule, observe)
      const bare = runReference(cell, first, 13, { horizons: [10] })
      const expected = runReference(cell, first, 13, { horizons: [10], observe, values: true })
      expect(expected.records).toEqual(bare.records)
      const { records, tally, digest, values } = kernel.run(first, 13, { keep: true, horizons: [10], values: true })
      expect(values).toEqual(expected.values)
      for (let i = 0; i < 13; i++) {
        expect(decodeOutcome(records!, kernel.layout, i)).toEqual(decodeOutcome(expected.records, kernel.layout, i))
      }
      expect(records).toEqual(expected.records)
      expect(tally).toEqual(expected.tally)
      expect(digest).toBe(expected.digest)
    }),
    { numRuns: cellsOfAKind, seed: 20261124 },
  )
}
