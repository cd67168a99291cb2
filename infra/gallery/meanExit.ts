import type { Entry, Row } from './entry.ts'
import { estimateOf } from './study.ts'

/** The mean number of steps from -1 to x >= 1: (I - K) t = 1 by quadrature. Two resolutions agree to 12 digits. */
const exact: readonly (readonly [temperature: number, eta: number, steps: number])[] = [
  [0.1, 0.2, 309.3928448996],
  [0.1, 0.1, 649.7158167553],
  [0.1, 0.05, 1318.318773685],
  [0.05, 0.2, 3325.03253701],
  [0.05, 0.1, 7055.279143169],
  [0.05, 0.05, 14389.65247603],
  [0.025, 0.2, 456487.1137098],
  [0.025, 0.1, 981856.4598896],
]
const [atMinimum, atSaddle, barrier] = [2, 1, 0.25]
const kramers = (temperature: number, eta: number): number =>
  ((2 * Math.PI) / Math.sqrt(atMinimum * atSaddle) / eta) * Math.exp(barrier / temperature)

export const meanExit: Entry = {
  name: 'mean-exit',
  title: 'Mean first-passage time',
  who: 'Kramers (1940)',
  spec: 'docs/gallery/specs/mean-exit.yaml',
  small: { sweep: { points: [{ 'let.T': 0.1, 'update.eta': 0.2 }] }, trials: 1000 },
  figure: ['--of', 'escapeStep', '--x', 'T', '--by', 'eta', '--log', 'x,y'],
  labels: ['T', 'eta'],
  besides: ['Kramers/exact'],
  theirs: 'exact',
  rows: exact.map(
    ([temperature, eta, steps]): Row => ({
      labels: [String(temperature), String(eta)],
      theirs: { kind: 'value', value: steps },
      ours: estimateOf('escapeStep', { 'let.T': temperature, 'update.eta': eta }),
      beside: async () => ({ shown: [(kramers(temperature, eta) / steps).toFixed(3)], holds: true }),
    }),
  ),
}
