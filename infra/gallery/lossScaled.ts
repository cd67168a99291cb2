import type { Entry, Row } from './entry.ts'
import { estimateOf, slopeOf } from './study.ts'

const eta = 0.05
const powers = [2, 3, 4]
/** The curvatures of the double well at its minimum and, with the sign reversed, at its saddle. */
const [atMinimum, atSaddle] = [2, 1]
/** Laplace's method for the mean passage time of the diffusion, a double integral, gives this rate per step. */
const rate = (p: number, ratio: number): number =>
  ((eta * Math.sqrt(atMinimum * atSaddle)) / (2 * Math.PI)) * ratio ** -(p + 0.5)

const ofRatio = (p: number): Row => ({
  labels: [String(p), 'exponent'],
  theirs: { kind: 'value', value: -(p + 0.5), slack: 0.04 * (p + 0.5) },
  ours: slopeOf({ formula: 'log(escapeRate) ~ log(ratio)', term: 'log(ratio)', at: p, options: ['--by', 'let.p'] }),
})
const ofRate = (p: number): Row => ({
  labels: [String(p), 'rate, R = 5'],
  theirs: { kind: 'value', value: rate(p, 5), slack: 0.2 * rate(p, 5) },
  ours: estimateOf('escapeRate', { 'let.p': p, 'let.ratio': 5 }),
})

export const lossScaled: Entry = {
  name: 'loss-scaled',
  title: 'Noise proportional to the loss',
  who: 'Mori et al. (2022)',
  spec: 'docs/gallery/specs/loss-scaled.yaml',
  small: { sweep: { 'let.p': [2, 3], 'let.ratio': [3, 5, 8] }, trials: 300 },
  figure: ['--kind', 'fit', '--fit', 'log(escapeRate) ~ log(ratio)', '--by', 'let.p'],
  labels: ['p', 'quantity'],
  theirs: 'power law',
  rows: powers.flatMap((p) => [ofRatio(p), ofRate(p)]),
}
