import type { Entry } from './entry.ts'
import { estimateOf } from './study.ts'

/**
 * Trials of 2,000 that reached the global minimum in a NumPy simulation that shares no code with Drift Farm. It starts
 * at the minima of Safran and Shamir, to 17 digits.
 */
const independent = {
  6: [
    [0.005, 584],
    [0.0075, 1155],
    [0.01, 1543],
    [0.02, 1933],
  ],
  8: [
    [0.01, 37],
    [0.015, 438],
    [0.02, 1015],
    [0.03, 1763],
  ],
} as const

const escapeFrom = (neurons: 6 | 8, small: Entry['small']): Entry => ({
  name: `safran-shamir-escape-${neurons}`,
  page: 'safran-shamir',
  heading: `escape-by-drift-${neurons}-neurons`,
  title: `Escape by drift, ${neurons} neurons`,
  who: 'simulation',
  spec: `examples/safran-shamir-escape-${neurons}.yaml`,
  small,
  figure: ['--of', 'class:global'],
  labels: ['drift `step`'],
  theirs: 'share that escapes, simulation',
  rows: independent[neurons].map(([step, reached]) => ({
    labels: [String(step)],
    theirs: { kind: 'count', events: reached, trials: 2000 },
    ours: estimateOf('class:global', { 'update.drift.step': step }),
  })),
})

export const fromSix = escapeFrom(6, { sweep: { 'update.drift.step': [0.005, 0.01] }, trials: 90 })
export const fromEight = escapeFrom(8, { sweep: { 'update.drift.step': [0.02] }, trials: 80 })
