import type { Entry, Ours, Row, Study } from './entry.ts'

/** The batch size at which the probability crosses one half, at this step size. */
function batchAt({ results }: Study, eta: number): Ours | null {
  const line = results.crossings?.find(({ params }) => params['update.eta'] === eta)
  const crossing = line?.crossings[0]
  return crossing === undefined ? null : { value: crossing.value, low: crossing.low, high: crossing.high }
}

/** The limits hold if both crossings are within their limits. The limits of all crossings hold simultaneously. */
const ofSteps = (above: number, below: number): Row => ({
  labels: [`B(${above}) / B(${below})`],
  theirs: { kind: 'value', value: above / below, slack: (0.1 * above) / below },
  async ours(study) {
    const [more, less] = [batchAt(study, above), batchAt(study, below)]
    if (more === null || less === null) return null
    return { value: more.value / less.value, low: more.low / less.high, high: more.high / less.low }
  },
})

export const batchThreshold: Entry = {
  name: 'batch-threshold',
  title: 'Batch size and step size on digits',
  who: 'Smith and Le (2018)',
  spec: 'docs/gallery/specs/batch-threshold.yaml',
  small: {
    sweep: { 'update.eta': [0.05, 0.1] },
    threshold: {
      estimate: 'class:good',
      equals: 0.5,
      over: { 'landscape.network.batch': { from: 2, to: 34 } },
      within: 8,
    },
    trials: 250,
  },
  figure: ['--kind', 'boundary', '--log', 'x,y'],
  labels: ['batch sizes at two step sizes'],
  theirs: 'proportional to eta',
  rows: [ofSteps(0.1, 0.05), ofSteps(0.2, 0.1), ofSteps(0.2, 0.05)],
}
