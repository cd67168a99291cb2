import type { Entry, Row } from './entry.ts'
import { cellOf, estimateOf } from './study.ts'

/** The probability of leaving (-1.3, -0.7) from -1 within this many steps, by quadrature in two equal resolutions. */
const exact: readonly (readonly [sigma: number, steps: number, probability: number])[] = [
  [0.3, 10, 1.4049275812732264e-7],
  [0.3, 100, 8.056392663987951e-6],
  [0.3, 1000, 8.855779617896656e-5],
  [0.4, 10, 0.00010339900161535366],
  [0.4, 100, 0.0034126155575174167],
  [0.4, 1000, 0.03625388763003637],
  [0.5, 10, 0.0024314399809691983],
  [0.5, 100, 0.05425042907301665],
  [0.5, 1000, 0.44699002374248836],
  [0.7, 10, 0.046617341128419615],
  [0.7, 100, 0.5113177078383356],
  [0.7, 1000, 0.9993918865380784],
  [1, 10, 0.26528531671534933],
  [1, 100, 0.9752067257934728],
]

export const theorem1: Entry = {
  name: 'theorem-1',
  title: 'Bounds of Theorem 1',
  who: 'exact values',
  spec: 'docs/gallery/specs/theorem-1.yaml',
  small: { sweep: { 'update.drift.sigma': [0.5, 0.7], 'trial.steps': [10, 100] }, trials: 3000 },
  figure: ['--kind', 'line', '--x', 'sigma', '--by', 'steps', '--theorem', '--oracle', '--log', 'y'],
  labels: ['sigma', 'steps'],
  besides: ['bounds'],
  theirs: 'exact',
  rows: exact.map(([sigma, steps, probability]): Row => {
    const params = { 'update.drift.sigma': sigma, 'trial.steps': steps }
    return {
      labels: [String(sigma), String(steps)],
      theirs: { kind: 'value', value: probability },
      ours: estimateOf('escape', params),
      async beside(study, ours) {
        const bounds = cellOf((await study.theorem()).cells, params)?.bounds ?? null
        if (bounds === null || bounds.lower === null || bounds.upper === null)
          throw new Error(`sigma ${sigma}, ${steps} steps: the theorem has no bounds`)
        const { lower, upper } = bounds
        return {
          shown: [`[${lower.toPrecision(4)}, ${upper.toPrecision(4)}]`],
          holds: lower <= probability && probability <= upper && ours.high >= lower && ours.low <= upper,
        }
      },
    }
  }),
}
