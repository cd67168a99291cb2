import type { Entry, Row } from './entry.ts'
import { estimateOf, slopeOf } from './study.ts'

const tails = [1.2, 1.5, 1.8]

/** The mean exit time is 1 divided by the exit rate, so its exponent is minus the exponent of the rate. */
const ofTail = (tail: number): Row => ({
  labels: [String(tail), 'exponent of the exit time'],
  theirs: { kind: 'value', value: tail, slack: 0.1 * tail },
  async ours(study) {
    const options = ['--by', 'let.tail', '--where', 'tail < 2']
    const rate = await slopeOf({ formula: 'log(escapeRate) ~ log(a)', term: 'log(a)', at: tail, options })(study)
    return rate && { value: -rate.value, low: -rate.high, high: -rate.low }
  },
})

export const networkExit: Entry = {
  name: 'network-exit',
  title: 'First exit of a trained network',
  who: 'Nguyen et al. (2019)',
  spec: 'docs/gallery/specs/network-exit.yaml',
  small: { zip: [{ 'let.tail': [1.5], 'let.scale': [5e-4] }], sweep: { 'let.a': [1, 2, 4] }, trials: 60 },
  figure: ['--kind', 'fit', '--fit', 'log(escapeRate) ~ log(a)', '--by', 'let.tail', '--where', 'tail < 2'],
  labels: ['alpha', 'quantity'],
  theirs: 'law',
  rows: [
    ...tails.map(ofTail),
    {
      labels: ['no noise', 'P(exit), a = 1'],
      theirs: { kind: 'range', low: 0, high: 0.1 },
      ours: estimateOf('escape', { 'let.tail': 2, 'let.a': 1 }),
    },
  ],
}
