import type { Entry, Row } from './entry.ts'
import { estimateOf } from './study.ts'

const noises = [
  ['none', 0, 0],
  ['Gaussian, 0.01', 0, 0.01],
  ['labels, 1', 1, 0],
] as const

const ofNoise = ([noise, labels, gradient]: (typeof noises)[number]): Row => ({
  labels: [noise],
  theirs:
    labels === 0 ? { kind: 'range', low: 10, high: Number.POSITIVE_INFINITY } : { kind: 'range', low: 0, high: 0.1 },
  async ours(study) {
    const params = { 'let.labels': labels, 'let.gradient': gradient }
    const error = await estimateOf('observe:error@horizon', params)(study)
    // The error is a square.
    return error && { ...error, low: Math.max(error.low, 0) }
  },
})

export const shapeMatters: Entry = {
  name: 'shape-matters',
  title: 'Label noise and sparse solutions',
  who: 'HaoChen et al. (2021)',
  spec: 'docs/gallery/specs/shape-matters.yaml',
  small: { trial: { steps: 110_000, marks: { fitted: { when: 'loss <= 0.01', every: 100 } } }, trials: 8 },
  figure: ['--kind', 'observed', '--of', 'error', '--log', 'y'],
  labels: ['noise'],
  theirs: 'claim',
  rows: noises.map(ofNoise),
}
