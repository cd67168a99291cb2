import { addTallies, exactUnits, zeroTally } from '@driftfarm/kernel'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { plainLayout } from '../fixtures/samples.ts'
import { replicaLayout, tallyOfValues, weightLayout } from '../fixtures/values.ts'
import { type TallyJson, tallyFromJson, tallyToJson } from './tallyJson.ts'

const value = fc.oneof(
  fc.double({ noNaN: true, min: 0, max: 1 }),
  fc.bigInt({ min: 1n, max: (1n << 52n) - 1n }).map((units) => Number(units) * Number.MIN_VALUE),
)
const score = fc.double({ noNaN: true, noDefaultInfinity: true })

const tally = fc
  .tuple(fc.array(value, { maxLength: 6 }), score, fc.constantFrom(replicaLayout, weightLayout))
  .map(([values, at, layout]) => {
    const one = tallyOfValues(values, layout)
    const decades = values.length === 0 ? [] : [[1, values.length, exactUnits(at)] as const]
    return { layout, tally: { ...one, values: { ...one.values!, decades } } }
  })

const through = (json: TallyJson): TallyJson => JSON.parse(JSON.stringify(json))

it('brings back values to the last bit, whatever the sums', () => {
  fc.assert(
    fc.property(tally, ({ layout, tally }) => {
      expect(tallyFromJson(through(tallyToJson(tally)), layout)).toEqual(tally)
    }),
  )
})

it('adds up stored values to what the whole would be', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 8 }), fc.nat(8), (values, cut) => {
      const stored = [values.slice(0, cut), values.slice(cut)].map((part) =>
        tallyFromJson(through(tallyToJson(tallyOfValues(part))), replicaLayout),
      )
      expect(stored.reduce(addTallies, zeroTally(replicaLayout, []))).toEqual(tallyOfValues(values))
    }),
  )
})

const stored = tallyToJson(tallyOfValues([0.5, 0.25]))
const withValues = (change: object) => ({ ...stored, values: { ...stored.values!, ...change } })

it.each([
  ['no values', (({ values: _, ...rest }: TallyJson) => rest)(stored)],
  ['another number of exits', withValues({ exits: [{ sum: '0', squares: '0' }] })],
  ['a sum that is none', withValues({ all: { sum: '-1', squares: '0' } })],
  ['a sum in another form', withValues({ all: { sum: '1e3', squares: '0' } })],
  [
    'bins that do not ascend',
    withValues({
      histogram: [
        [9, 1],
        [8, 1],
      ],
    }),
  ],
  [
    'decades that do not ascend',
    withValues({
      decades: [
        [2, 1, '5'],
        [2, 1, '6'],
      ],
    }),
  ],
  ['a score that is no number', withValues({ decades: [[1, 1, 'x']] })],
  ['extinct replicas below 0', withValues({ extinct: -1 })],
])('refuses a tally of replicas with %s', (_, json) => {
  expect(() => tallyFromJson(json as TallyJson, replicaLayout)).toThrow('this tally does not fit this cell')
})

it('refuses values of a cell that counts', () => {
  const json = { ...stored, joint: [] }
  expect(() => tallyFromJson(json, plainLayout)).toThrow(
    'remove `values`, which only cells with splitting or tilt have',
  )
})
