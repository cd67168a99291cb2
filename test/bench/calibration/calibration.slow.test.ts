import { describe, expect, it } from 'vitest'
import { type Experiment, least, resultsOf } from './experiment.ts'
import { experiments } from './experiments.ts'
import { Seeds } from './seeds.ts'

// `npm run bench coverage` with half as many studies. A row whose coverage is exactly its level fails once in 1,000
// seeds; the seed is fixed. The controls are wrong on purpose and must fail, here at 1 %: the fit as it was, which took
// cells under common streams for independent ones, Student's interval of skewed replicas, normal limits of few cells.
const replicates = 1000
const seeds = new Seeds('calibration.test.ts')

describe.each(experiments)('$name', (experiment) => {
  it('covers as often as it says, and the controls do not', async () => {
    const rows = await resultsOf(experiment, seeds, replicates)
    expect(rows.filter(({ isControl, pValue }) => (isControl ? pValue > 0.01 : pValue < least))).toEqual([])
    // What is refused is no statement; but something must be said.
    for (const { made } of rows) expect(made).toBeGreaterThan(replicates / 2)
  })
})

it('the fit that takes cells under common streams for independent ones is among what must fail', () => {
  const controls = experiments.flatMap(({ name, controls = [] }) => controls.map((control) => `${name}: ${control}`))
  expect(controls).toContain('fit of probabilities, common streams: intercept, as if cells were independent')
})
