import type { Trial } from '../cell.ts'

/** Default of `divergence`: a trial has diverged once some |theta_i| exceeds this value. */
export const defaultDivergence = 1e6

/** A spec that states this default is accepted even if the radius has no effect. */
export const defaultRadius = 1e-3

/** A trial of one step without events, for computations that concern only a landscape. */
export const minimalTrial: Trial = {
  warmup: 0,
  steps: 1,
  divergence: defaultDivergence,
  escape: null,
  converge: null,
  afterEscape: 'stop',
  afterConverge: 'stop',
  marks: [],
  classify: [],
  minima: [],
  quench: null,
  settledRadius: defaultRadius,
}
