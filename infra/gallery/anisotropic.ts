import type { Entry } from './entry.ts'
import { estimateOf } from './study.ts'

const hessian = { form: 'anisotropic', S: { hessian: { at: 'start', power: 0.5, trace: 1 } }, sigma: 1 }
const isotropic = { form: 'additive', law: 'gaussian', sigma: 0.31622776601683794 }
const against = { form: 'anisotropic', S: [0.03331, ...Array<number>(9).fill(0.33315)], sigma: 1 }

const leaves = { kind: 'range', low: 0.05, high: 1 } as const
const stays = { kind: 'range', low: 0, high: 0.01 } as const

export const anisotropic: Entry = {
  name: 'anisotropic',
  title: 'Noise along the curvature, and across it',
  who: 'Zhu et al. (2019)',
  spec: 'examples/anisotropic.yaml',
  small: { trials: 2000 },
  figure: ['--log', 'y'],
  labels: ['noise of trace 1', 'Zhu et al.'],
  theirs: 'as a probability',
  rows: (
    [
      ['along the curvature', 'leaves', hessian, leaves],
      ['the same in all directions', 'stays', isotropic, stays],
      ['against the curvature', 'stays', against, stays],
    ] as const
  ).map(([noise, said, drift, theirs]) => ({
    labels: [noise, said],
    theirs,
    ours: estimateOf('escape', { 'update.drift': drift }),
  })),
}
