import { describe, expect, it } from 'vitest'
import { type Experiment, least, resultsOf } from './experiment.ts'
import { experiments } from './experiments.ts'
import { Seeds } from './seeds.ts'

// `npm run bench coverage` with fewer studies, and without the experiments that need most replicas. A row whose
// coverage is exactly its level fails once in 1,000 seeds; the seed is fixed. With 200 studies a row fails nearly
// always below 85 %, and mostly below 89 %. The controls are wrong on purpose and must fail, here at 1 %: the fit as it
// was, which took cells under common streams for independent ones, Student's interval of skewed replicas, normal limits
// of few cells.
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const replicates = full ? 1000 : 200
const seeds = new Seeds('calibration.test.ts')
const isDear = ({ name }: Experiment) => /100 replicas|splitting, relative variance|fit of splitting/.test(name)
/** The fast tier takes those with controls, and every third of the others. */
const chosen = experiments.filter(
  (experiment, at) => full || (!isDear(experiment) && (experiment.controls !== undefined || at % 3 === 0)),
)

describe.each(chosen)('$name', (experiment) => {
  it('covers as often as it says, and the controls do not', async () => {
    const rows = await resultsOf(experiment, seeds, replicates)
    expect(rows.filter(({ isControl, pValue }) => (isControl ? pValue > 0.01 : pValue < least))).toEqual([])
    // What is refused is no statement; but something must be said.
    for (const { made } of rows) expect(made).toBeGreaterThan(replicates / 2)
  })
})

it('the fit that takes cells under common streams for independent ones is among what must fail', () => {
  const controls = chosen.flatMap(({ name, controls = [] }) => controls.map((control) => `${name}: ${control}`))
  expect(controls).toContain('fit of probabilities, common streams: level, as if cells were independent')
})
