import { gaussian, oneWell } from '@driftfarm/testing/spec'
import { parseSweep, type Sweep } from '../../packages/spec/src/index.ts'

/** A spec as text and as a parsed sweep. */
export interface Given {
  readonly text: string
  readonly sweep: Sweep
}

export const given = (spec: Record<string, unknown>): Given => {
  const text = JSON.stringify(spec)
  return { text, sweep: parseSweep(text, { fileName: 'spec.json' }) }
}

/** Number of trials in a batch in these tests. */
export const batch = 1_000

/** Steps of a trial. A trial takes about 0.17 ms of a thread, and a batch about a sixth of a second. */
const usualSteps = 60_000

const sigmas = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05]

export interface Shape {
  readonly name?: string
  readonly steps?: number
  /** Number of cells, the first of the twelve. Sweeps with different cells are different sweeps that share cells. */
  readonly cells?: number
}

/** The base sweep or a part of it. All 12 cells of 20,000 trials in 240 batches take two threads about 20 s. */
export function baseSweep(
  seed: number,
  batches = 240,
  { name = 'chaos', steps = usualSteps, cells = Math.min(sigmas.length, batches) }: Shape = {},
): Given {
  return given(
    oneWell({
      name,
      seed,
      trial: { steps, escape: 'x >= 1e6' },
      sweep: { 'update.drift.sigma': sigmas.slice(0, cells) },
      trials: batch * Math.max(1, Math.round(batches / cells)),
    }),
  )
}

/** Two cells of `trials` short trials each, some of which escape. */
export function smallSweep(seed: number, trials: number, name = 'small'): Given {
  return given(
    oneWell({
      name,
      seed,
      update: gaussian(1),
      trial: { steps: 100, escape: 'x >= 0' },
      sweep: { 'update.drift.sigma': [0.8, 1.2] },
      trials,
    }),
  )
}

/** Number of trials that a sweep without a stopping rule requests. */
export function plannedTrials({ text, sweep }: Given): number {
  const { trials } = JSON.parse(text) as { trials: number }
  return trials * sweep.cellCount
}
