import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { RecordLayout } from './outcome.ts'
import { encodeRecord } from './record.ts'
import { addTallies, withWeights, zeroTally } from './tally.ts'
import { exactUnits, valueBin } from './values.ts'

const layout: RecordLayout = {
  exits: ['up', 'down'],
  minima: [],
  classes: [],
  marks: [],
  bytes: 48,
  horizon: 10,
  valued: 'weights',
}

interface Weighed {
  readonly exit: 'up' | 'down' | null
  readonly value: number
}

const trial = fc.record<Weighed>({
  exit: fc.constantFrom('up', 'down', null),
  value: fc.double({ noNaN: true, min: 0, max: 10 }),
})

function tallyOf(trials: readonly Weighed[]) {
  const records = trials.map(({ exit, value }) =>
    encodeRecord(
      {
        kind: 'weighted',
        end: exit === null ? 'undecided' : 'escaped',
        exit,
        settled: null,
        escapedAt: exit === null ? null : 5,
        convergedAt: null,
        steps: 5,
        value: exit === null ? 0 : value,
        logRatio: 0,
      },
      layout,
    ),
  )
  // As the module counts them, which knows of no weights.
  const { valued: _, ...plain } = layout
  return withWeights({ ...zeroTally(plain, []), trials: trials.length }, Buffer.concat(records), layout)
}

it('sums the values of the records, by exit too, as whole numbers', () => {
  fc.assert(
    fc.property(fc.array(trial, { maxLength: 12 }), (trials) => {
      const { values } = tallyOf(trials)
      const unitsOf = (exit: Weighed['exit']) =>
        trials.filter((each) => each.exit === exit).map(({ value }) => exactUnits(value))
      const sum = (units: readonly bigint[]) => units.reduce((total, each) => total + each, 0n)
      const squares = (units: readonly bigint[]) => units.reduce((total, each) => total + each * each, 0n)
      const [up, down] = [unitsOf('up'), unitsOf('down')]
      expect(values!.exits).toEqual([up, down].map((units) => ({ sum: sum(units), squares: squares(units) })))
      expect(values!.all).toEqual({ sum: sum([...up, ...down]), squares: squares([...up, ...down]) })
    }),
  )
})

it('is of the fields that an empty one of its layout has', () => {
  expect(tallyOf([])).toEqual(zeroTally(layout, []))
})

it('of parts add to those of the whole', () => {
  fc.assert(
    fc.property(fc.array(trial, { maxLength: 12 }), fc.nat(12), (trials, cut) => {
      expect(addTallies(tallyOf(trials.slice(0, cut)), tallyOf(trials.slice(cut)))).toEqual(tallyOf(trials))
    }),
  )
})

it('has a histogram of those above 0', () => {
  const { values } = tallyOf([
    { exit: 'up', value: 1 },
    { exit: 'down', value: 1 },
    { exit: 'up', value: 0 },
    { exit: null, value: 3 },
    { exit: 'up', value: 0.25 },
  ])
  expect(values!.histogram).toEqual([
    [valueBin(0.25), 1],
    [valueBin(1), 2],
  ])
})
