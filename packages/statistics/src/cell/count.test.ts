import { addTallies, type Outcome, zeroTally } from '@driftfarm/kernel'
import { atHorizons, probabilityNames } from '@driftfarm/spec'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventNamesIn } from '../evidence/evidence.ts'
import { layout, tallyOf } from '../fixtures/samples.ts'
import { countOf, eventAt } from './events.ts'
import { suffices, tallyFromJson, tallyToJson } from './tallyJson.ts'

const horizons = [10, 100]
const step = fc.integer({ min: 1, max: 1000 })
const sometimes = fc.option(step, { nil: null })

const outcomes: fc.Arbitrary<Outcome[]> = fc.array(
  fc
    .record({
      end: fc.constantFrom('escaped', 'converged', 'diverged', 'undecided'),
      exit: fc.constantFrom('upper', 'lower'),
      settled: fc.constantFrom('left', 'right', 'other'),
      class: fc.constantFrom('good', 'other'),
      escapedAt: sometimes,
      convergedAt: sometimes,
      steps: step,
      loss: fc.double({ noNaN: true }),
      distance: fc.double({ noNaN: true }),
      marks: fc.record({ m2: sometimes }),
    })
    .map((drawn) => ({
      ...drawn,
      exit: drawn.escapedAt === null ? null : drawn.exit,
      settled: drawn.end === 'converged' ? drawn.settled : null,
    })) as fc.Arbitrary<Outcome>,
  { maxLength: 12 },
)

test('a count is the number of trials that had the event', () => {
  const names = probabilityNames(eventNamesIn(layout))
  fc.assert(
    fc.property(outcomes, (some) => {
      const tally = tallyOf(some, horizons)
      for (const name of [...names, ...atHorizons(names, horizons)])
        expect(countOf(name, tally, layout)).toBe(some.filter((outcome) => eventAt(name, outcome)).length)
    }),
  )
})

test('tallies merge in any grouping, and through JSON, to the same bits', () => {
  const tally = outcomes.map((some) => tallyOf(some, horizons))
  const stored = (one: ReturnType<typeof tallyOf>) =>
    tallyFromJson(JSON.parse(JSON.stringify(tallyToJson(one))), layout)
  fc.assert(
    fc.property(tally, tally, tally, (a, b, c) => {
      expect(addTallies(addTallies(a, b), c)).toEqual(addTallies(a, addTallies(b, c)))
      expect(addTallies(a, b)).toEqual(addTallies(b, a))
      expect(addTallies(a, zeroTally(layout, horizons))).toEqual(a)
      expect(stored(addTallies(a, b))).toEqual(addTallies(stored(a), stored(b)))
      expect(JSON.stringify(tallyToJson(stored(a)))).toBe(JSON.stringify(tallyToJson(a)))
    }),
  )
})

test('whether a stored tally has the horizons that a demand needs', () => {
  const tally = tallyToJson(tallyOf([], [10]))
  expect(suffices(tally, { horizons: [10], rateAfter: 10 })).toBe(true)
  expect(suffices(tally, { horizons: [10, 20] })).toBe(false)
  expect(suffices(tally, { horizons: [10], rateAfter: 20 })).toBe(false)
})

test('a tally larger than a double keeps every digit', () => {
  const large = { ...tallyOf([], []), steps: 10n ** 27n + 1n, escapeStepsSquared: 10n ** 39n + 7n, atRisk: 10n ** 27n }
  expect(tallyFromJson(tallyToJson(large), layout)).toEqual(large)
})

test('a tally of another cell is refused', () => {
  const json = tallyToJson(tallyOf([], []))
  expect(() => tallyFromJson({ ...json, exits: [0] }, layout)).toThrow(
    'exits = [0] (the length must be 2 for this cell)',
  )
  expect(() => tallyFromJson({ ...json, trials: 1 }, layout)).toThrow('the counts must add up to 1 trials')
  expect(() => tallyFromJson({ ...json, steps: '1e3' }, layout)).toThrow('steps = 1e3')
  expect(() =>
    tallyFromJson(
      {
        ...json,
        escapeHistogram: [
          [2, 1],
          [1, 1],
        ],
      },
      layout,
    ),
  ).toThrow('bins must be in ascending order')
  expect(() => tallyFromJson({ ...json, escaped: -1 }, layout)).toThrow('escaped = -1')
  expect(() => tallyFromJson({ ...json, joint: [[32, 0]] }, layout)).toThrow(
    'the first number of each pair must be below 32',
  )
  expect(() => tallyFromJson({ ...json, joint: [[0, 1]] }, layout)).toThrow('the counts must add up to 0 trials')
  expect(() => tallyFromJson({ ...json, markSteps: [] }, layout)).toThrow('the length must be 1 for this cell')
  expect(() => tallyFromJson({ ...json, atRisk: '-1' }, layout)).toThrow('atRisk = -1')
})

test('an unknown estimate is refused by name', () => {
  const tally = tallyOf([], horizons)
  for (const name of ['escaped', 'exit:up', 'settle:left@10', 'escape@11', 'mark:', 'other:x'])
    expect(() => countOf(name, tally, layout)).toThrow(name)
})
