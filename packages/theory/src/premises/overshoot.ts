import { dot } from '@driftfarm/formula'
import { gradientAt, scaleFunction, type TrialRange, trialCost } from '@driftfarm/kernel'
import { type Cell, changeOfSteps, isPlain, type NamedCondition } from '@driftfarm/spec'
import type { OvershootPremise } from '@driftfarm/statistics'
import { escapeTest } from '../escapeTest.ts'
import { affordableSteps, BudgetExceeded } from './budget.ts'
import type { Study } from './landmarks.ts'
import { isRandom, plainCell, withoutDriftFrom, withSteps, withTrial } from './plainCell.ts'
import { isQuick, type Probe, perRun } from './probe.ts'
import { type TrialEnd, trialEnds } from './runTrials.ts'
import { withSmallerSteps } from './smallerSteps.ts'
import { stabilityLimit } from './stability.ts'

const maxTrials = 64
const minTrials = 4
const maxExamined = 16
const enoughEscapes = 8
const maxSampled = 4096
const minSteps = 50
const stepFactors = [1 / 2, 1 / 4, 1 / 8, 1 / 16] as const
const workShares = { sample: 0.2, more: 0.2, lastSteps: 0.15, smaller: 0.45 } as const
const suspiciousShare = 0.1
/**
 * For rules other than gradient, momentum and nesterov, this many steps without noise are taken from the state before
 * an escape. The step that escapes overshoots if these steps diverge, or if the loss is higher after them than before.
 */
const quietSteps = 20
const fineSteps = 64

/**
 * Checks whether the steps are stable where trials escape. From the last theta before an escape, the check takes one
 * plain step without noise. This step overshoots if the gradient at its end is larger than the gradient at its start
 * and opposite to it. It also overshoots if its end has escaped, although the path of steepest descent from its start
 * does not escape. `LastStep` describes long steps, and `quietSteps` the check for other rules. If enough of the
 * examined steps are long or overshoot, or if the rule has memory, the same trials are run with smaller steps at the
 * same temperature. Returns null if the cell has no noise or no escape.
 */
export async function overshootPremise(study: Study): Promise<OvershootPremise | null> {
  const { cell, allowance } = study
  if (cell.trial.escape === null || !isRandom(cell)) return null
  const { own, trials: first } = sampleOf(
    withTrial(plainCell(cell), { afterEscape: 'stop' }),
    workShares.sample * allowance,
  )
  const one = trialCost(own)
  let trials = first
  let escapes = await escapesOf(own, { first: 0, count: trials }, study)
  const more = Math.min(maxSampled, Math.floor((workShares.more * allowance) / one))
  if (escapes.length < enoughEscapes && trials === maxTrials && more > 0) {
    escapes = [...escapes, ...(await escapesOf(own, { first: trials, count: more }, study))]
    trials += more
  }
  const affordable = Math.floor((workShares.lastSteps * allowance) / (perRun + one))
  // The step that escapes can be examined only if there is a step before it.
  const examined = escapes.filter(({ escapedAt }) => escapedAt > 1).slice(0, Math.min(maxExamined, affordable))
  const steps: LastStep[] = []
  const escapesFrom = examined.length > 0 && isLinear(cell) ? escapesAt(study) : null
  for (const escape of examined) steps.push(await lastStep(escape, { ...study, cell: own }, escapesFrom))
  const long = steps.filter((step) => step !== 'short').length
  const testsSmallerSteps =
    escapes.length > 0 && (hasMemory(cell) || (long > 0 && long >= suspiciousShare * steps.length))
  const compared = withSteps(own, stepsToCompare(escapes, trials, own.trial.steps))
  return {
    trials,
    steps: compared.trial.steps,
    horizon: cell.trial.steps,
    escaped: escapes.filter(({ escapedAt }) => escapedAt <= compared.trial.steps).length,
    examined: steps.length,
    long,
    overshot: steps.filter((step) => step === 'overshoots').length,
    eta: scaleFunction(cell)(0).eta,
    smaller: testsSmallerSteps ? await withSmaller(compared, trials, own.trial.steps, study) : [],
  }
}

function sampleOf(own: Cell, allowance: number): { readonly own: Cell; readonly trials: number } {
  const trials = Math.min(maxTrials, Math.floor((allowance - perRun) / trialCost(own)))
  if (trials >= minTrials) return { own, trials }
  const steps = affordableSteps(own, minTrials, allowance - perRun)
  if (steps < Math.min(own.trial.steps, minSteps)) throw new BudgetExceeded(`${minTrials} trials`)
  return { own: withSteps(own, steps), trials: minTrials }
}

/**
 * Stops the comparison when half of the trials have escaped. After many more steps, trials escape with any step size,
 * so a comparison would show no difference.
 */
function stepsToCompare(escapes: readonly Escape[], trials: number, steps: number): number {
  const half = Math.ceil(trials / 2)
  return escapes.length <= half ? steps : escapes.map(({ escapedAt }) => escapedAt).toSorted((a, b) => a - b)[half - 1]!
}

async function withSmaller(own: Cell, most: number, horizon: number, study: Study) {
  const found: Omit<OvershootPremise['smaller'][number], 'whole'>[] = []
  let left = workShares.smaller * study.allowance
  for (const factor of stepFactors) {
    const cell = withSmallerSteps(own, factor)
    if (cell === null) break
    const one = trialCost(cell)
    // Uses half of the remaining work, so that more than one step size can be tried.
    const trials = Math.min(Math.max(maxTrials, most), Math.floor(left / 2 / one))
    if (trials < minTrials) break
    left -= trials * one
    const escaped = (await escapesOf(cell, { first: 0, count: trials }, study)).length
    const { rule } = cell.update
    const beta = (rule.kind === 'momentum' || rule.kind === 'nesterov') && rule.beta > 0 ? rule.beta : null
    found.push({ eta: scaleFunction(cell)(0).eta, beta, steps: cell.trial.steps, trials, escaped })
  }
  const whole = found.map((_, i) => withSmallerSteps(withSteps(own, horizon), stepFactors[i]!)!)
  const trials = Math.min(maxTrials, Math.floor(left / whole.reduce((sum, cell) => sum + trialCost(cell), 0)))
  if (own.trial.steps === horizon || trials < minTrials) return found.map((each) => ({ ...each, whole: null }))
  const smaller: OvershootPremise['smaller'][number][] = []
  for (const [i, each] of found.entries()) {
    const escaped = (await escapesOf(whole[i]!, { first: 0, count: trials }, study)).length
    smaller.push({ ...each, whole: { trials, escaped } })
  }
  return smaller
}

async function lastStep({ trial, escapedAt }: Escape, study: Study, escapes: EscapeTest | null): Promise<LastStep> {
  const { cell, landmarks } = study
  const range = { first: trial, count: 1 }
  const [before] = (await trialEnds(withSteps(cell, escapedAt - 1), range, study)) as [TrialEnd]
  const { rule } = cell.update
  if (isLinear(cell)) {
    const { eta } = scaleFunction(cell)(escapedAt - 1)
    return plainStepFrom(before.theta, (2 * eta) / stabilityLimit(rule, eta)!, landmarks().probe, escapes)
  }
  if (cell.update.drift.length === 0) return 'short'
  const quiet = withTrial(withoutDriftFrom(cell, escapedAt - 1), {
    steps: escapedAt - 1 + quietSteps,
    afterEscape: 'continue',
    converge: null,
  })
  const [after] = (await trialEnds(quiet, range, study)) as [TrialEnd]
  return after.end === 'diverged' || after.loss > before.loss ? 'overshoots' : 'short'
}

interface Escape {
  readonly trial: number
  readonly escapedAt: number
}

/**
 * A long step ends beyond the point on its line where the loss is lowest. `overshootPremise` and `quietSteps` describe
 * which steps overshoot.
 */
type LastStep = 'short' | 'long' | 'overshoots'

async function escapesOf(cell: Cell, range: TrialRange, study: Study): Promise<readonly Escape[]> {
  const ends = await trialEnds(cell, range, study)
  return ends.flatMap(({ trial, escapedAt }) => (escapedAt === null ? [] : [{ trial, escapedAt }]))
}

const isLinear = ({ update }: Cell): boolean =>
  ['gradient', 'momentum', 'nesterov'].includes(update.rule.kind) && changeOfSteps(update) === null

/** If the rule has memory, the last step alone does not show whether the steps are stable. */
const hasMemory = ({ update: { rule } }: Cell): boolean => rule.kind !== 'custom' && !isPlain(rule)

function plainStepFrom(theta: Float64Array, eta: number, probe: Probe, escapes: EscapeTest | null): LastStep {
  const gradient = gradientAt(probe.landscape.gradient, theta)
  const end = theta.map((x, i) => x - eta * gradient[i]!)
  const behind = gradientAt(probe.landscape.gradient, end)
  const along = dot(behind, gradient) / dot(gradient, gradient)
  if (!(along > -1)) return 'overshoots'
  if (escapes?.(end)) {
    const fine = probe.descend(theta, { gradient: 0, eta: eta / fineSteps, steps: fineSteps }).theta
    if (!escapes(fine)) return 'overshoots'
  }
  return along < 0 ? 'long' : 'short'
}

type EscapeTest = ReturnType<typeof escapeTest>

/** Returns null if the escape depends on more than theta, or takes long to test. */
function escapesAt({ cell, tables }: Study): EscapeTest | null {
  const { escape } = cell.trial
  if (escape?.kind === 'basin' || !isQuick(cell)) return null
  const dependsOnMore = ([, when, every]: NamedCondition) =>
    every !== undefined || /\b(distance|step|batchloss)\b/.test(when)
  if (escape?.kind === 'exits' && escape.exits.some(dependsOnMore)) return null
  return escapeTest(cell, tables, new Float64Array(cell.landscape.dimension))
}
