import { scaleFunction, trialCost } from '@driftfarm/kernel'
import { type Cell, type Drift, type Landscape, type TrainingNoise, trainingNoise } from '@driftfarm/spec'
import type { IdleReason, TwinsPremise } from '@driftfarm/statistics'
import { isPoint } from '../question/startPoint.ts'
import { BudgetExceeded } from './budget.ts'
import { measures } from './control.ts'
import type { Study } from './landmarks.ts'
import { immediateDescent, isRandom, noiseFreeCell, plainCell, withDrift, withSteps, withTrial } from './plainCell.ts'
import { type TrialSource, trialEnds } from './runTrials.ts'
import { spreadSteps } from './stepNoise.ts'

/**
 * The first comparison is small, because a few steps nearly always show an effect of the noise. All steps are run only
 * if the first comparison shows no effect.
 */
const glance = { trials: 4, steps: 8 } as const
const maxTrials = 32
/** With fewer steps, a comparison could miss noise that acts later. */
const minSteps = 20

/** Smaller relative differences of two coordinates may be due to rounding. */
const rounding = 1e-9

/** Flips get at least this probability in a sample. With the cell's own probability, a sample might have no flips. */
const minFlipProbability = 0.5

/**
 * Checks whether the noise of a cell changes anything. A sample of trials is run twice, with the same starts and the
 * same batches: once unchanged, and once as twins without drift. If the cell has no drift, the twins instead use all
 * samples in each step, and the rule without its own noise. Noise has no effect if it changes neither the outcome nor
 * the last theta of any trial. Returns null if the cell has no noise or measures nothing.
 */
export async function twinsPremise(study: Study): Promise<TwinsPremise | null> {
  const { cell, allowance } = study
  if (!isRandom(cell) || !measures(cell)) return null
  const own = sampledCell(cell)
  const { drift } = own.update
  const { length } = drift
  const horizon = cell.trial.steps
  const of = length > 0 ? 'drift' : kindOf(trainingNoise(cell.landscape))
  const twin = length > 0 ? withDrift(own, drift.map(silent)) : { ...noiseFreeCell(own), streams: 'common' as const }
  if (allowance < minAllowance && isAddedAtEveryStep(own))
    return { of, acts: true, trials: 0, steps: 0, horizon, why: null, idle: [] }
  // If the drift has several entries, one comparison removes all of them, and each further comparison removes one.
  // Each comparison gets an equal part of the allowance.
  const sample: Sample = { ...study, allowance: allowance / (length > 1 ? length + 1 : 1) }
  const all = await compared(own, twin, sample)
  const entries = length > 1 ? drift : []
  const idle: TwinsPremise['idle'][number][] = []
  for (const [i, entry] of all.acts ? entries.entries() : []) {
    const without = withDrift(
      own,
      drift.map((each, k) => (k === i ? silent(each) : each)),
    )
    const { acts, steps } = await compared(own, without, sample)
    if (!acts && steps === horizon) idle.push({ entry: i, form: entry.form, why: await reasonOf(own, i, sample) })
  }
  const why = all.acts ? null : of === 'drift' ? await reasonOf(own, 0, sample) : unusedReason[of]
  return { of, ...all, horizon, why, idle }
}

function kindOf(noise: readonly TrainingNoise[]): 'rule' | 'batches' | 'training' {
  return noise.length === 0 ? 'rule' : noise.join() === 'mini-batches' ? 'batches' : 'training'
}

const unusedReason = { rule: 'rule', batches: 'samples', training: 'training' } as const

/**
 * In nanoseconds. Constant noise that is added at every step certainly has an effect. With such drift and a smaller
 * allowance than this, no trials are run.
 */
const minAllowance = 5e5

function isAddedAtEveryStep({ update: { rule, drift, etaByLayer } }: Cell): boolean {
  return (
    rule.kind !== 'custom' &&
    etaByLayer === undefined &&
    drift.length > 0 &&
    drift.every(
      ({ form, amount, when, every }) =>
        form === 'additive' && amount.kind === 'constant' && amount.value > 0 && when === null && every === 1,
    )
  )
}

type Sample = TrialSource & Pick<Study, 'allowance'>

type Compared = Pick<TwinsPremise, 'acts' | 'trials' | 'steps'>

async function compared(own: Cell, twin: Cell, sample: Sample): Promise<Compared> {
  const { steps } = own.trial
  // If all trials start at one point and only the drift is random, all trials are equal until the drift acts, so one
  // trial is enough.
  const most = isPoint(own.start) && !isRandom(withDrift(own, [])) ? 1 : maxTrials
  const costOf = (steps: number) => trialCost(withSteps(own, steps)) + trialCost(withSteps(twin, steps))
  const fixed = costOf(0)
  const perStep = costOf(1) - fixed
  const stepsFor = (most: number) => Math.min(steps, most, Math.floor((sample.allowance - fixed) / perStep))
  const first = { trials: Math.min(most, glance.trials), steps: stepsFor(glance.steps) }
  if (first.steps < 1) throw new BudgetExceeded('a few steps with and without noise')
  first.trials = Math.max(1, Math.min(first.trials, Math.floor(sample.allowance / costOf(first.steps))))
  if ((await countDifferingTrials(own, twin, first, sample)) > 0) return { acts: true, ...first }
  const affordable = stepsFor(steps)
  if (affordable < Math.min(steps, minSteps)) throw new BudgetExceeded('a few steps with and without noise')
  const trials = Math.max(1, Math.min(most, Math.floor(sample.allowance / costOf(affordable))))
  const size = { trials, steps: affordable }
  return { acts: (await countDifferingTrials(own, twin, size, sample)) > 0, ...size }
}

async function countDifferingTrials(
  one: Cell,
  other: Cell,
  { trials, steps }: Omit<Compared, 'acts'>,
  source: Sample,
): Promise<number> {
  const [a, b] = [await ends(withSteps(one, steps)), await ends(withSteps(other, steps))]
  let count = 0
  for (let i = 0; i < trials; i++) if (a[i]!.end !== b[i]!.end || !alike(a[i]!.theta, b[i]!.theta)) count++
  return count

  async function ends(cell: Cell) {
    const found = await trialEnds(cell, { first: 0, count: trials }, source)
    return found.map(({ loss, distance, theta, ...end }) => ({ end: JSON.stringify(end), theta }))
  }
}

function alike(a: Float64Array, b: Float64Array): boolean {
  return a.every(
    (x, i) => Object.is(x, b[i]!) || Math.abs(x - b[i]!) <= rounding * Math.max(Math.abs(x), Math.abs(b[i]!)),
  )
}

/**
 * Returns why a drift entry has no effect. To find the reason, tests which change to the entry would give it an effect.
 */
async function reasonOf(own: Cell, index: number, sample: Sample): Promise<IdleReason> {
  const entry = own.update.drift[index]!
  if (entry.amount.kind === 'constant' && entry.amount.value === 0) return 'zero'
  const scales = scaleFunction(own)
  const { steps } = own.trial
  if (spreadSteps(steps).every((n) => scales(n).drift[index] === 0)) return 'scale'
  const acts = async (changed: Drift) => {
    const drift = own.update.drift.map((each, i) => (i === index ? changed : silent(each)))
    const size = { trials: 1, steps: Math.min(steps, glance.steps) }
    return (await countDifferingTrials(withDrift(own, drift), withDrift(own, drift.map(silent)), size, sample)) > 0
  }
  const always = { ...entry, when: null, every: 1 }
  if (entry.when !== null && (await acts(always))) return 'when'
  if (!(await acts(additive))) return 'rule'
  return reasons[entry.form] ?? 'gradient'
}

/** Why noise of a form may have no effect although the rule uses it. */
const reasons: Partial<Record<Drift['form'], IdleReason>> = {
  additive: 'rounding',
  anisotropic: 'matrix',
  'loss-scaled': 'loss',
}

const additive: Drift = {
  form: 'additive',
  scale: 'sigma',
  law: { kind: 'gaussian' },
  isotropic: false,
  amount: { kind: 'constant', value: 1 },
  when: null,
  every: 1,
}

const silent = (entry: Drift): Drift => ({ ...entry, amount: { kind: 'constant', value: 0 } })

/** Changes only inputs of the compiled module, so that the module need not be recompiled. */
function sampledCell(cell: Cell): Cell {
  const { escape, steps } = cell.trial
  const plain = plainCell(cell)
  const sampled = withDrift({ ...plain, landscape: frequentFlips(cell.landscape) }, cell.update.drift.map(frequent))
  if (escape?.kind !== 'basin') return sampled
  const descent = { ...escape.descent, ...immediateDescent }
  return withTrial(sampled, { escape: { ...escape, every: steps + 1, descent } })
}

function frequent(entry: Drift): Drift {
  const { form, amount } = entry
  if (form !== 'flip' || amount.kind !== 'constant' || amount.value === 0) return entry
  return { ...entry, amount: { kind: 'constant', value: Math.max(minFlipProbability, amount.value) } }
}

function frequentFlips(landscape: Landscape): Landscape {
  if (landscape.kind !== 'network' || landscape.labelNoise === undefined || !('flip' in landscape.labelNoise))
    return landscape
  return { ...landscape, labelNoise: { flip: Math.max(minFlipProbability, landscape.labelNoise.flip) } }
}
