import type { Entry, Row } from './entry.ts'
import { alphaOf } from './judge.ts'
import { slopeOf } from './study.ts'

/** Twice the mean square 3.96 of the samples: the temperature is T = 3.96 eta k^2 / (2 B), the barrier k / 4. */
const spread = 7.92
/** The law is for Gaussian noise and small steps. Here the noise comes from eight samples, and eta is 0.1 or more. */
const slack = 0.05

/** Kramers' rate per step, up to a constant factor: eta k exp(-B / (7.92 eta k)). */
const logRate = (batch: number, eta: number, sharpness: number): number =>
  Math.log(eta * sharpness) - batch / (spread * eta * sharpness)

/** The slope of the least-squares line through the values of the law at these points. */
function slopeThrough(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x0, y0] = [mean(0), mean(1)]
  const sum = (of: (x: number, y: number) => number): number =>
    points.reduce((all, [x, y]) => all + of(x - x0, y - y0), 0)
  return sum((x, y) => x * y) / sum((x) => x * x)
}

interface Line {
  readonly label: string
  readonly term: string
  readonly where: string
  readonly law: number
}
const lines: readonly Line[] = [
  {
    label: 'B',
    term: 'batch',
    where: 'eta == 0.1 && k == 1',
    law: slopeThrough([4, 5, 6, 7, 8].map((batch) => [batch, logRate(batch, 0.1, 1)])),
  },
  {
    label: '1/eta',
    term: '1/eta',
    where: 'batch == 8 && k == 1',
    law: slopeThrough([0.2, 0.15, 0.125, 0.1].map((eta) => [1 / eta, logRate(8, eta, 1)])),
  },
  {
    label: '1/sharpness',
    term: '1/k',
    where: 'batch == 8 && eta == 0.1',
    law: slopeThrough([2, 1.5, 1.25, 1].map((k) => [1 / k, logRate(8, 0.1, k)])),
  },
]
const figureOf = ({ term, where }: Line): readonly string[] => [
  '--kind',
  'fit',
  '--fit',
  `log(escapeRate) ~ ${term}`,
  '--where',
  where,
]

const point = (batch: number, eta: number, k: number) => ({
  'landscape.formula.batch': batch,
  'update.eta': eta,
  'let.k': k,
})

export const batchSize: Entry = {
  name: 'batch-size',
  title: 'Batch size, step size and sharpness',
  who: 'Xie et al. (2021)',
  spec: 'examples/batch-size.yaml',
  small: {
    sweep: {
      points: [4, 5, 6]
        .map((batch) => point(batch, 0.1, 1))
        .concat([0.2, 0.15].map((eta) => point(8, eta, 1)))
        .concat([2, 1.5].map((k) => point(8, 0.1, k))),
    },
    trials: 300,
  },
  figure: figureOf(lines[0]!),
  more: { eta: figureOf(lines[1]!), sharpness: figureOf(lines[2]!) },
  labels: ['log(rate) against'],
  besides: ['p of line'],
  theirs: "Kramers' slope",
  rows: lines.map(({ label, term, where, law }): Row => {
    const line = { formula: `log(escapeRate) ~ ${term}`, options: ['--where', where] }
    return {
      labels: [label],
      theirs: { kind: 'value', value: law, slack: -law * slack },
      ours: slopeOf({ ...line, term }),
      async beside(study) {
        const { fits } = await study.fit(line.formula, line.options)
        const p = fits[0]?.pValue ?? 1
        return { shown: [p.toPrecision(2)], holds: p >= alphaOf(batchSize) }
      },
    }
  }),
}
