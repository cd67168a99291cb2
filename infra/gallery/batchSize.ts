import type { Entry, Row } from './entry.ts'
import { alphaOf } from './judge.ts'
import { slopeOf } from './study.ts'

/** Samples have the mean square 3.96, so log(rate) = const - B / (7.92 eta k): each slope at the others' values. */
const spread = 7.92
/** The law is for Gaussian noise and small steps; here noise comes from eight samples, and eta is 0.1 or more. */
const slack = 0.05

const lines: readonly (readonly [label: string, term: string, where: string, slope: number])[] = [
  ['the batch B', 'batch', 'eta == 0.1 && k == 1', -1 / (spread * 0.1)],
  ['1/eta', '1/eta', 'batch == 8 && k == 1', -8 / spread],
  ['1/sharpness', '1/k', 'batch == 8 && eta == 0.1', -8 / (spread * 0.1)],
]

export const batchSize: Entry = {
  name: 'batch-size',
  title: 'The logarithm of the escape rate is linear in B, 1/eta and 1/sharpness',
  who: 'Xie et al. (2021)',
  spec: 'examples/batch-size.yaml',
  small: { trials: 200 },
  figure: ['--kind', 'fit', '--fit', 'log(escapeRate) ~ batch', '--where', 'eta == 0.1 && k == 1'],
  labels: ['log(rate) against'],
  besides: ['p of the line'],
  theirs: "slope by Kramers' law",
  rows: lines.map(([label, term, where, slope]): Row => {
    const line = { formula: `log(escapeRate) ~ ${term}`, options: ['--where', where] }
    return {
      labels: [label],
      theirs: { kind: 'value', value: slope, slack: -slope * slack },
      ours: slopeOf({ ...line, term }),
      async beside(study) {
        const { fits } = await study.fit(line.formula, line.options)
        const p = fits[0]?.pValue ?? 1
        return { shown: [p.toPrecision(2)], holds: p >= alphaOf(batchSize) }
      },
    }
  }),
}
