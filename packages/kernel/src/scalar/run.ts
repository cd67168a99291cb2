import { elementary } from '@driftfarm/formula'
import { type Cell, cellId, type Tables, trainedStart, trainingCell } from '@driftfarm/spec'
import { checkData, particleCell } from '../model/cell.ts'
import { modelOf } from '../model/model.ts'
import { observedPlan } from '../model/observed.ts'
import { withPoint } from '../model/start.ts'
import { addDigests, recordDigest } from '../outcome/digest.ts'
import { ObservedCollector } from '../outcome/observed.ts'
import { ends, layoutOf, type RecordLayout } from '../outcome/outcome.ts'
import { encodeRecord, type Outcome, type OutcomeRecord } from '../outcome/record.ts'
import {
  addTallies,
  type BatchResult,
  type Digest,
  jointPlace,
  stepBin,
  type Tally,
  withWeights,
  zeroTally,
} from '../outcome/tally.ts'
import type { RunOptions } from '../run/kernel.ts'
import { keptTraining, trainedStarts } from '../run/training.ts'
import type { ParticleEnd } from '../splitting/particle.ts'
import { runReplicas } from '../splitting/run.ts'
import { streamKey } from '../streams/streams.ts'
import { observer } from './observe.ts'
import { drawer } from './start.ts'
import { type Branching, type EndedTrial, trialRunner } from './trial.ts'

/** As for `Kernel.run`; the stop flag is checked before each trial. */
export type ReferenceOptions = Pick<RunOptions, 'horizons' | 'theta' | 'values' | 'stop'> & {
  readonly tables?: Tables
  /** Keys of the values that trials observe (`observedKeys`). */
  readonly observe?: readonly string[]
}

/**
 * The slow scalar reference. It computes the same records, tally and digest as the kernel, bit for bit, but with
 * independent code. It always returns records.
 */
export function runReference(
  cell: Cell,
  first: number,
  count: number,
  { horizons, tables = [], theta = false, values = false, observe = [], stop }: ReferenceOptions,
): BatchResult & { readonly records: Uint8Array } {
  checkData(cell, tables)
  const plan = observedPlan(cell, observe)
  const layout = layoutOf(cell)
  const key = streamKey(cell)
  const begun = begin(cell, tables, stop)
  if (begun === null)
    return { completed: false, records: new Uint8Array(0), theta: null, tally: zeroTally(layout, horizons), digest: 0n }
  const model = modelOf(particleCell(begun.cell), plan.values)
  const runner = trialRunner(model, key, tables, begun.trained)
  const collector = plan.slots > 0 ? new ObservedCollector(plan) : null
  const rows = values && collector !== null ? new Float64Array(count * plan.singles) : undefined
  if (cell.method.kind === 'splitting')
    return runReplicas({ method: cell.method, layout, key }, { first, count }, horizons, (replica, particles) =>
      isSet(stop) ? null : particles.map((each) => particleEnd(runner.particle(replica, each))),
    )
  const records = new Uint8Array(count * layout.bytes)
  const thetas = theta ? new Float64Array(count * model.dimension) : null
  let tally = zeroTally(layout, horizons)
  let digest: Digest = 0n
  for (let i = 0; i < count; i++) {
    if (isSet(stop)) return { completed: false, records, theta: null, tally, digest }
    const own = new Float64Array(plan.slots)
    const ended = runner.trial(first + i, observer(model, plan, own))
    const { outcome, theta: last } = ended
    thetas?.set(last, i * model.dimension)
    const record = encodeRecord(recordOf(ended), layout)
    records.set(record, i * layout.bytes)
    collector?.add(own, new DataView(record.buffer), 0, rows?.subarray(i * plan.singles))
    tally = addTallies(tally, tallyOf(outcome, layout, horizons))
    digest = addDigests(digest, recordDigest(first + i, record))
  }
  if (cell.method.kind === 'tilt') tally = withWeights(tally, records, layout)
  if (collector !== null) tally = { ...tally, observed: collector.tally }
  return { completed: true, records, theta: thetas, tally, digest, ...(rows !== undefined && { values: rows }) }
}

/** Trains first, if the start is trained. Returns null if the stop flag was set. */
function begin(cell: Cell, tables: Tables, stop?: Int32Array) {
  const run = trainingCell(cell)
  if (run === null) return { cell: withPoint(cell, tables), trained: null }
  const train = (first: number) =>
    trainedStarts(
      (at, count, options) => runReference(run, at, count, { ...options, tables }),
      layoutOf(run),
      { first, count: 1 },
      stop,
    )
  if (trainedStart(cell)!.per === 'trial') {
    // If the stop flag is set, the result does not matter.
    const trained = (trial: number) => train(trial)?.theta ?? new Float64Array(cell.landscape.dimension)
    return { cell: withPoint(cell, tables), trained }
  }
  const kept = keptTraining(`${cellId(run)}-reference`, undefined, () => train(0))
  return kept && { cell: withPoint(cell, tables, kept.theta), trained: null }
}

/** Returns the points from which the first `count` trials start, before their descents and their warm-up. */
export function drawnStarts(cell: Cell, count: number, tables: Tables): readonly Float64Array[] {
  const begun = begin(cell, tables)!
  const draw = drawer(begun.cell, streamKey(cell), begun.trained)
  return Array.from({ length: count }, (_, trial) => draw(trial))
}

function isSet(stop: Int32Array | undefined): boolean {
  return stop !== undefined && Atomics.load(stop, 0) !== 0
}

function particleEnd({ outcome: { end, exit, steps }, peak, branchedAt }: EndedTrial & Branching): ParticleEnd {
  return { end, exit, steps, peak, branchedAt, snapshot: null }
}

function recordOf({ outcome, tilted }: EndedTrial): OutcomeRecord {
  if (tilted === undefined) return { kind: 'trial', ...outcome }
  const { class: _, loss: __, distance: ___, marks: ____, ...course } = outcome
  const value = outcome.escapedAt === null ? 0 : tilted.weight
  return { kind: 'weighted', ...course, value, logRatio: tilted.logRatio }
}

export function tallyOf(outcome: Outcome, layout: RecordLayout, horizons: readonly number[]): Tally {
  const { escapedAt, convergedAt, steps } = outcome
  const one = (names: readonly string[], name: string | null) => names.map((other) => (other === name ? 1 : 0))
  const by = (step: number | null, limit: number) => (step !== null && step <= limit ? 1 : 0)
  const withOther = (names: readonly string[], name: string | null) => [
    ...one(names, name),
    name !== null && !names.includes(name) ? 1 : 0,
  ]
  const tau = BigInt(escapedAt ?? layout.horizon)
  const atRisk = escapedAt ?? steps
  const settled = withOther(layout.minima, outcome.settled)
  return {
    trials: 1,
    ends: one(ends, outcome.end),
    escaped: by(escapedAt, layout.horizon),
    exits: one(layout.exits, outcome.exit),
    settled,
    classes: layout.classes.length === 0 ? [] : withOther(layout.classes, outcome.class),
    marks: layout.marks.map((name) => by(outcome.marks[name] ?? null, layout.horizon)),
    steps: BigInt(steps),
    escapeSteps: tau,
    escapeStepsSquared: tau * tau,
    escapeHistogram: escapedAt === null ? [] : [[stepBin(escapedAt), 1]],
    convergeHistogram: convergedAt === null ? [] : [[stepBin(convergedAt), 1]],
    horizons: horizons.map((horizon) => ({
      horizon,
      escaped: by(escapedAt, horizon),
      converged: by(convergedAt, horizon),
      diverged: outcome.end === 'diverged' ? by(steps, horizon) : 0,
      exits: one(layout.exits, by(escapedAt, horizon) === 1 ? outcome.exit : null),
      marks: layout.marks.map((name) => by(outcome.marks[name] ?? null, horizon)),
      atRisk: BigInt(Math.max(0, atRisk - horizon)),
      departed: by(escapedAt, horizon) === 1 || (outcome.end === 'diverged' && steps <= horizon) ? 1 : 0,
    })),
    atRisk: BigInt(atRisk),
    ...(outcome.unreached ? { unreached: 1 } : {}),
    joint: [
      [jointPlace(escapedAt !== null, ends.indexOf(outcome.end), settled.indexOf(1) + 1, layout.minima.length), 1],
    ],
    markSteps: layout.marks.map((name) => {
      const reached = BigInt(outcome.marks[name] ?? 0)
      const spent = reached > 0n ? reached : BigInt(steps)
      return { steps: spent, stepsSquared: spent * spent, reached, reachedSquared: reached * reached }
    }),
  }
}

/** The state at step n; theta is a view that the next step overwrites. */
export interface TracedStep {
  readonly n: number
  readonly theta: Float64Array
  readonly loss: number
  readonly gradnorm: number
  /**
   * The events of this step, in the order in which they are recorded: `mark:name`, `escape` or `escape:exit`,
   * `converge` or `converge:centre`, `diverge`, `end`.
   */
  readonly events: readonly string[]
}

/**
 * Replays one trial, and calls `visit` for every theta_n from theta_0 (after any warm-up) to the last. The steps of the
 * quench are not visited.
 */
export function traceReference(
  cell: Cell,
  trial: number,
  visit: (step: TracedStep) => void,
  tables: Tables = [],
): Outcome {
  checkData(cell, tables)
  const begun = begin(cell, tables)!
  const model = modelOf(particleCell(begun.cell))
  const runner = trialRunner(model, streamKey(cell), tables, begun.trained)
  return runner.trial(trial, (n, landscape, events) => {
    const gradnorm = elementary.sqrt(landscape.gradientSquared())
    visit({ n, theta: landscape.theta, loss: landscape.loss(), gradnorm, events })
  }).outcome
}
