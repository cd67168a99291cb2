import { kernelOf } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { expect, it } from 'vitest'
import { oracle } from './oracle/oracle.ts'
import { theorem } from './theorem/theorem.ts'

function line(escape: string) {
  const data = { columns: { a: [0, 0.2, -0.2, 1] }, test: { fraction: 0.25, seed: 3 } }
  const landscape = { formula: { variables: ['w'], expression: '(w - a)^2/2', data } }
  const update = { eta: 0.2, drift: { sigma: 1.5 } }
  const spec = { version: 1, landscape, start: [0], update, trial: { steps: 20, escape }, trials: 1 }
  return parseSweep(JSON.stringify(spec), { fileName: 'line.json' }).cell(0)
}

/** The false-alarm rate is 6e-5: the frequency is within 4 standard deviations of the exact answer. */
it('the oracle computes escapes by the loss of test samples', async () => {
  const { cell, tables } = line('testloss > 0.7')
  const answer = oracle(cell, tables)
  if ('reason' in answer) throw new Error(answer.reason)
  const exact = answer.answers.find(({ name }) => name === 'escape')!.value
  const trials = 20_000
  const { tally } = (await kernelOf(cell, tables)).run(0, trials, { keep: false, horizons: [] })
  const deviation = Math.sqrt((exact * (1 - exact)) / trials)
  expect(Math.abs(tally.escaped / trials - exact)).toBeLessThan(4 * deviation)
  expect(exact).toBeGreaterThan(0.05)
  expect(exact).toBeLessThan(0.95)
})

it('the loss of a step is not a function of theta', async () => {
  const { cell, tables } = line('batchloss > 0.7')
  expect(oracle(cell, tables)).toHaveProperty('reason')
  expect(await theorem(cell, tables)).toMatchObject({
    escape: { kind: 'unknown' },
    certificate: { reason: expect.stringContaining('depends on more than theta') },
  })
})
