import type { Entry } from './entry.ts'
import { estimateOf } from './study.ts'

export const edgeOfStability: Entry = {
  name: 'edge-of-stability',
  title: 'Edge of stability',
  who: 'Cohen et al. (2021)',
  spec: 'docs/gallery/specs/edge-of-stability.yaml',
  small: { sweep: { 'update.eta': [0.1] }, trials: 60 },
  figure: ['--kind', 'observed', '--of', 'sharpness'],
  labels: ['eta', 'sharpness'],
  theirs: 'claim',
  rows: [0.03, 0.05, 0.1].flatMap((eta) => [
    {
      labels: [String(eta), 'start'],
      theirs: { kind: 'range', low: 0, high: 2 / eta },
      ours: estimateOf('observe:sharpness@start', { 'update.eta': eta }),
    },
    {
      labels: [String(eta), 'end'],
      theirs: { kind: 'range', low: (0.95 * 2) / eta, high: (1.05 * 2) / eta },
      ours: estimateOf('observe:sharpness@horizon', { 'update.eta': eta }),
    },
  ]),
}
