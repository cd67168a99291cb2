import type { Entry } from './entry.ts'
import { estimateOf } from './study.ts'

const leaves = { kind: 'range', low: 0.05, high: 1 } as const
const stays = { kind: 'range', low: 0, high: 0.01 } as const

export const anisotropic: Entry = {
  name: 'anisotropic',
  title: 'Noise along the curvature, and across it',
  who: 'Zhu et al. (2019)',
  spec: 'docs/gallery/specs/anisotropic.yaml',
  small: { sweep: { 'let.along': [-1, 0, 1] }, trials: 1600 },
  figure: ['--log', 'y'],
  labels: ['noise of trace 1', 'along', 'it'],
  theirs: 'as a probability',
  rows: (
    [
      ['along the curvature', 1, 'leaves', leaves],
      ['the same in all directions', 0, 'stays', stays],
      ['against the curvature', -1, 'stays', stays],
    ] as const
  ).map(([noise, along, said, theirs]) => ({
    labels: [noise, String(along), said],
    theirs,
    ours: estimateOf('escape', { 'let.along': along }),
  })),
}
