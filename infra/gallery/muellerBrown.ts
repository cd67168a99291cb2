import type { Entry } from './entry.ts'
import { estimateOf } from './study.ts'

/** `driftfarm oracle docs/gallery/specs/mueller-brown.yaml`: firstExit, by quadrature in the plane. */
const exact: readonly (readonly [beta: number, probability: number])[] = []

export const muellerBrown: Entry = {
  name: 'mueller-brown',
  title: 'Splitting on the surface of Mueller and Brown',
  who: 'Mueller and Brown (1979)',
  spec: 'docs/gallery/specs/mueller-brown.yaml',
  small: {
    sweep: { 'let.beta': [0.1] },
    method: { splitting: { score: 'sqrt((x + 0.5582)^2 + (y - 1.4417)^2)', particles: 200, replicas: 50 } },
  },
  figure: ['--log', 'y'],
  labels: ['beta'],
  theirs: 'exact',
  rows: exact.map(([beta, probability]) => ({
    labels: [String(beta)],
    theirs: { kind: 'value', value: probability },
    ours: estimateOf('escape', { 'let.beta': beta }),
  })),
}
