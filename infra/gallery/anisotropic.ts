import type { Entry } from './entry.ts'
import { estimateOf } from './study.ts'

const leaves = { kind: 'range', low: 0.05, high: 1 } as const
const stays = { kind: 'range', low: 0, high: 0.01 } as const

export const anisotropic: Entry = {
  name: 'anisotropic',
  title: 'Noise along the curvature',
  who: 'Zhu et al. (2019)',
  spec: 'docs/gallery/specs/anisotropic.yaml',
  small: { sweep: { 'let.along': [-1, 0, 1] }, trials: 1600 },
  figure: ['--log', 'y'],
  labels: ['noise of trace 1', '`along`'],
  theirs: 'claim',
  rows: (
    [
      ['along the curvature', 1, leaves],
      ['isotropic', 0, stays],
      ['against the curvature', -1, stays],
    ] as const
  ).map(([noise, along, theirs]) => ({
    labels: [noise, String(along)],
    theirs,
    ours: estimateOf('escape', { 'let.along': along }),
  })),
}
