import { type Control, type Premises, premisesVersion } from './premises.ts'

/** Of a cell whose noise alone lets it escape. */
export const control: Control = {
  own: false,
  trials: 100,
  steps: 1000,
  horizon: 1000,
  escaped: 0,
  exits: {},
  settled: {},
  classes: {},
  marks: {},
  converged: 0,
  diverged: 0,
  unreached: 0,
  digest: `mset128:${'0'.repeat(32)}`,
}

/** Of a sound cell, every part of them. */
export const premises: Premises = {
  version: premisesVersion,
  level: 8,
  control,
  twins: { of: 'drift', acts: true, trials: 1, steps: 8, horizon: 1000, why: null, idle: [] },
  basin: { of: 'basin', tolerance: 1e-6, ends: 8, unreached: 0, changed: 0, noMinimum: 0, enough: null },
  start: { starts: 1, holds: {}, outside: { minimum: 'left', share: 0, starts: 1 } },
  saddle: null,
  firstStep: { trials: 0, hold: 1, holds: {}, loud: null },
  settling: null,
  relaxation: { steps: 14 },
  stability: { eta: 0.1, curvature: 2, limit: 2 },
  overshoot: {
    trials: 64,
    steps: 1000,
    horizon: 1000,
    escaped: 4,
    examined: 4,
    long: 0,
    overshot: 0,
    eta: 0.1,
    smaller: [],
  },
  resolution: { noise: 1e-2, step: 0.2, radius: null },
  temperature: { asked: 0.1, nominal: 0.1, modes: [{ curvature: 2, temperature: 0.1026 }], end: null },
  failed: [],
}
