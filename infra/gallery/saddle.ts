import type { Entry, Row } from './entry.ts'
import { estimateOf } from './study.ts'

const ball = { form: 'additive', law: 'ball', step: 0.0001, when: 'gradnorm <= 0.001', every: 50 }
const always = { form: 'additive', law: 'gaussian', step: 0.0001 }
const drifts = [
  ['none', 'none', 'stays'],
  ['ball', ball, 'leaves'],
  ['every step', always, 'leaves'],
] as const

const claims = {
  stays: { kind: 'range', low: 0, high: 0.1 },
  leaves: { kind: 'range', low: 0.7, high: 1 },
} as const

export const saddle: Entry = {
  name: 'saddle',
  title: 'Strict saddles',
  who: 'Jin et al. (2017)',
  spec: 'examples/saddle.yaml',
  small: {
    sweep: { 'landscape.formula.dimension': [2, 100], 'update.drift': drifts.map(([, drift]) => drift) },
    trials: 200,
  },
  figure: ['--of', 'mark:left@100', '--x', 'dimension', '--by', 'drift', '--log', 'x'],
  labels: ['dimension', 'noise'],
  theirs: 'claim',
  rows: [2, 10, 100, 1000].flatMap((dimension) =>
    drifts.map(
      ([noise, drift, said]): Row => ({
        labels: [String(dimension), noise],
        theirs: claims[said],
        ours: estimateOf('mark:left@300', { 'landscape.formula.dimension': dimension, 'update.drift': drift }),
      }),
    ),
  ),
}
