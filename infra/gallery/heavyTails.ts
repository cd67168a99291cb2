import { logGamma } from '../../packages/statistics/src/index.ts'
import type { Entry, Row } from './entry.ts'
import { estimateOf, slopeOf } from './study.ts'

const tails = [1.2, 1.5, 1.8]
const step = 0.01

/** The probability of a symmetric alpha-stable step of scale s longer than a, to leading order in s/a. */
const jump = (alpha: number, a: number): number =>
  (2 / Math.PI) * Math.exp(logGamma(alpha)) * Math.sin((Math.PI * alpha) / 2) * (step / a) ** alpha

const ofWidth = (tail: number): Row => ({
  labels: [String(tail), 'width exponent'],
  theirs: { kind: 'value', value: -tail, slack: 0.05 * tail },
  ours: slopeOf({
    formula: 'log(escapeRate) ~ log(width)',
    term: 'log(width)',
    at: tail,
    options: ['--by', 'let.tail', '--where', 'steep == 1'],
  }),
})
const ofDepth = (tail: number): Row => ({
  labels: [String(tail), 'depth exponent'],
  theirs: { kind: 'value', value: 0, slack: 0.05 },
  ours: slopeOf({
    formula: 'log(escapeRate) ~ log(steep)',
    term: 'log(steep)',
    at: tail,
    options: ['--by', 'let.tail', '--where', 'width == 1'],
  }),
})
const ofRate = (tail: number): Row => ({
  labels: [String(tail), 'rate'],
  theirs: { kind: 'value', value: jump(tail, 1), slack: 0.1 * jump(tail, 1) },
  ours: estimateOf('escapeRate', { 'let.tail': tail, 'let.width': 1, 'let.steep': 1 }),
})

export const heavyTails: Entry = {
  name: 'heavy-tails',
  title: 'Heavy tails',
  who: 'Nguyen et al. (2019), Simsekli et al. (2019)',
  spec: 'docs/gallery/specs/heavy-tails-exit.yaml',
  small: {
    sweep: {
      points: [
        [1.5, 1, 0.5],
        [1.5, 1, 1],
        [1.5, 1, 2],
        [1.5, 0.5, 1],
        [1.5, 2, 1],
        [2, 1, 0.5],
      ].map(([tail, steep, width]) => ({ 'let.tail': tail, 'let.steep': steep, 'let.width': width })),
    },
    trials: 300,
  },
  figure: '--kind line --of escapeRate --x width --by tail --log x,y --where'.split(' ').concat('steep == 1'),
  labels: ['alpha', 'quantity'],
  theirs: 'small-noise law',
  rows: [
    ...tails.flatMap((tail) => [ofWidth(tail), ofDepth(tail), ofRate(tail)]),
    {
      labels: ['2', 'P(escape), width 0.5'],
      theirs: { kind: 'value', value: 0 },
      ours: estimateOf('escape', { 'let.tail': 2, 'let.width': 0.5, 'let.steep': 1 }),
    },
  ],
}
