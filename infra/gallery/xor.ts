import type { Entry, Theirs } from './entry.ts'
import { estimateOf } from './study.ts'

const uniform = (low: number, high: number) => ({ uniform: { low, high } })

interface Reported {
  readonly layers: readonly number[]
  readonly start: Readonly<Record<string, unknown>>
  readonly said: string
  readonly theirs: Theirs
}
const independent = (events: number): Pick<Reported, 'theirs'> => ({
  theirs: { kind: 'count', events, trials: 2000 },
})
const reported: readonly Reported[] = [
  {
    layers: [2, 3, 1],
    start: uniform(-1, 1),
    said: 'uniform [-1, 1)',
    theirs: { kind: 'said', text: '99 % (published)' },
  },
  { layers: [2, 3, 1], start: uniform(-1, 1), said: 'uniform [-1, 1)', ...independent(1982) },
  { layers: [2, 2, 1], start: uniform(-1, 1), said: 'uniform [-1, 1)', ...independent(1668) },
  { layers: [2, 2, 1], start: { gaussian: { mean: 0, sigma: 1 } }, said: 'standard normal', ...independent(1490) },
  { layers: [2, 2, 1], start: uniform(0, 1), said: 'uniform [0, 1)', ...independent(1732) },
]

export const xor: Entry = {
  name: 'xor',
  title: 'XOR by backpropagation',
  who: 'simulation',
  spec: 'examples/xor.yaml',
  small: { trials: 60 },
  figure: [],
  labels: ['network', 'initial weights'],
  theirs: 'share that learns, simulation',
  rows: reported.map(({ layers, start, said, theirs }) => ({
    labels: [layers.join('-'), said],
    theirs,
    ours: estimateOf('converge', { 'landscape.network.layers': layers, start }),
  })),
}
