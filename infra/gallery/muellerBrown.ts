import type { Entry, Ours, Row, Study } from './entry.ts'
import { estimateOf } from './study.ts'

/** From `npm run gallery -- --exact`. Two resolutions agree to five digits. */
const exact: readonly (readonly [beta: number, probability: number])[] = [
  [0.05, 0.00225565],
  [0.1, 1.829292e-5],
  [0.15, 1.214108e-7],
  [0.2, 7.5275e-10],
]
const rare = 0.15

const split = (particles: number, replicas: number) => ({
  splitting: { score: 'sqrt((x + 0.5582)^2 + (y - 1.4417)^2)', particles, replicas },
})

const measured =
  (beta: number, splits: boolean) =>
  async (study: Study): Promise<Ours | null> => {
    const cell = study.results.cells.find(
      ({ params }) => params['let.beta'] === beta && (params.method !== 'direct') === splits,
    )
    return cell === undefined ? null : estimateOf('escape', cell.params)(study)
  }

export const muellerBrown: Entry = {
  name: 'mueller-brown',
  title: 'Müller-Brown surface',
  who: 'Müller and Brown (1979)',
  spec: 'docs/gallery/specs/mueller-brown.yaml',
  small: {
    sweep: {
      points: [
        { 'let.beta': 0.05, method: 'direct' },
        { 'let.beta': 0.1, method: split(200, 40) },
      ],
    },
    trials: 10_000,
  },
  figure: ['--x', 'beta', '--by', 'method', '--log', 'y'],
  labels: ['beta', 'method'],
  theirs: 'exact',
  rows: exact.flatMap(([beta, probability]) =>
    [false, true]
      .filter((splits) => splits || beta < rare)
      .map(
        (splits): Row => ({
          labels: [String(beta), splits ? 'splitting' : 'plain trials'],
          theirs: { kind: 'value', value: probability },
          ours: measured(beta, splits),
        }),
      ),
  ),
}
