import { type Cell, parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { dearHints } from './dearHints.ts'

const network = (marks: object, batch: number | undefined = 2, start: object = { init: 'he' }): Cell => {
  const rows = Array.from({ length: 400 }, (_, i) => [i / 400, (i * 7) % 3, i % 2])
  const spec = {
    version: 1,
    landscape: {
      network: {
        layers: [2, 8, 1],
        activation: 'tanh',
        data: { inputs: rows.map(([a, b]) => [a, b]), targets: rows.map(([, , t]) => [t]) },
        ...(batch && { batch }),
      },
    },
    start,
    update: { rule: 'gradient', eta: 0.1 },
    trial: { steps: 1000, marks },
    trials: 1,
  }
  return parseSweep(JSON.stringify(spec), { fileName: 'a.json' }).cell(0).cell
}

test('a condition that takes more than ten times as long as its step gets a hint with the figure', () => {
  const [found, ...more] = dearHints(network({ good: 'accuracy > 0.9', near: 'distance < 1' }))
  expect(more).toEqual([])
  expect(found?.text).toMatch(
    /^`trial\.marks\.good` computes accuracy from all 400 samples after each step, which takes up to \d+ times/,
  )
  expect(found?.hint).toMatch(/^write \{when: "\.\.\.", every: (50|100|200)\}$/)
})

test('with a sufficient every, with large batches and without quantities there is none', () => {
  const every = Number(/every: (\d+)/.exec(dearHints(network({ good: 'loss < 0.1' }))[0]!.hint)![1])
  expect(dearHints(network({ good: { when: 'loss < 0.1', every } }))).toEqual([])
  expect(dearHints(network({ good: 'loss < 0.1' }, 200))).toEqual([])
  expect(dearHints(network({ near: 'distance < 1' }))).toEqual([])
})

test('a series of observed values gets the same hint, with the key to change', () => {
  const series = (value: string, every: number) => dearHints(network({}), [{ name: 'curve', value, at: [], every }])
  expect(series('sharpness', 5)).toMatchObject([
    {
      text: expect.stringMatching(
        /^`observe\.curve` computes sharpness from all 400 samples every 5 steps, which takes/,
      ),
      hint: expect.stringMatching(/^write \{value: "\.\.\.", every: \d+\}$/),
    },
  ])
  expect(series('distance', 5)).toEqual([])
  expect(dearHints(network({}), [{ name: 'end', value: 'sharpness', at: ['horizon'] }])).toEqual([])
})

test('the condition that ends training gets the same hint', () => {
  const train = (until: unknown) => network({}, 2, { train: { update: { eta: 0.1 }, until, steps: 40 } })
  expect(dearHints(train('accuracy > 0.9'))).toMatchObject([
    {
      text: expect.stringMatching(/^`start\.train\.until` computes accuracy/),
      hint: expect.stringContaining('every: 40'),
    },
  ])
  expect(dearHints(train({ when: 'distance < 1', every: 20 }))).toEqual([])
})
