import type { Entry, Row, Theirs } from './entry.ts'
import { estimateOf } from './study.ts'

const ofBeta = (beta: number, source: string, theirs: Theirs): Row => ({
  labels: [String(beta), source],
  theirs,
  ours: estimateOf('escape', { 'let.beta': beta }),
})
/** By quadrature in the plane, to twelve digits, with a program that shares no code with Drift Farm. */
const exact: readonly (readonly [beta: number, probability: number])[] = [
  [4.67, 4.61049622992e-5],
  [6.67, 2.579264525242e-7],
  [8.67, 1.673929050515e-9],
]

export const twoChannels: Entry = {
  name: 'two-channels',
  title: 'Splitting with two channels',
  who: 'Brehier et al. (2016)',
  spec: 'examples/two-channels.yaml',
  small: {
    sweep: { 'let.beta': [4.67] },
    method: { splitting: { score: 'sqrt((x + 1)^2 + y^2)', particles: 200, replicas: 50 } },
  },
  figure: ['--log', 'y'],
  labels: ['beta', 'source'],
  theirs: 'probability',
  rows: [
    ...exact.map(([beta, probability]) => ofBeta(beta, 'exact', { kind: 'value', value: probability })),
    ofBeta(8.67, 're-implementations', { kind: 'said', text: '1e-10 to 2e-9' }),
  ],
}
