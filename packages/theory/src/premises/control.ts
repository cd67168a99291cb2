import {
  formatDigest,
  layoutOf,
  namedExits,
  type RecordLayout,
  stepCost,
  type Tally,
  trialCost,
} from '@driftfarm/kernel'
import { type Cell, type Start, withLandscape, withoutTrainingNoise } from '@driftfarm/spec'
import type { Control } from '@driftfarm/statistics'
import { isPoint } from '../question/startPoint.ts'
import { keyOfPart, RecentCache } from '../recentCache.ts'
import { affordableSteps, BudgetExceeded } from './budget.ts'
import { isRandom, noiseFreeCell, withSteps } from './plainCell.ts'
import { type CellStudy, runTrials } from './runTrials.ts'

type Outcome = Omit<Control, 'own' | 'horizon'>

/**
 * Outcomes of control runs; `null` means that a cell has no control run. A control run has no drift, so cells that
 * differ only in their drift share an outcome. These cells may be far apart in a sweep, so many outcomes are cached.
 */
const known = new RecentCache<Promise<Outcome | null>>(2048)

/** Returns the control run of a cell; null if the cell measures nothing that a control run could show. */
export async function control(study: CellStudy): Promise<Control | null> {
  const { cell, allowance } = study
  const outcome = await known.get(`${allowance} ${keyOfControl(cell)}`, async () => {
    const quiet = controlCellOf(cell)
    return quiet && outcomeOf(quiet, study)
  })
  return outcome && { own: !isRandom(cell), horizon: cell.trial.steps, ...outcome }
}

/**
 * Returns a key of everything that the control run of a cell depends on. The run does not depend on the cell's drift,
 * `method` or `streams`.
 */
function keyOfControl(cell: Cell): string {
  const { kernel, update, trial, seed } = cell
  const { landscape, start } = withLandscape(cell, withoutTrainingNoise(cell.landscape))
  const { rule, eta, drift: _, ...changes } = update
  const parts = [landscape, start, rule, eta, changes, trial]
  return `${kernel} ${seed} ${parts.map(keyOfPart).join(' ')}`
}

async function outcomeOf(whole: Cell, study: CellStudy): Promise<Outcome> {
  const size = controlSizeOf(whole, study.allowance)
  if (size === null) throw new BudgetExceeded('a control run without noise')
  const { trials, steps } = size
  const quiet = controlCellOf(whole, steps)!
  const { tally, digest } = await runTrials(quiet, { first: 0, count: trials }, study)
  return { trials, steps, ...countsOf(tally, layoutOf(quiet)), digest: formatDigest(digest) }
}

/** Returns the counts under the same names as in results. As in results, counts of 0 are included. */
function countsOf(tally: Tally & { readonly unreached?: number }, layout: RecordLayout) {
  const [, converged = 0, diverged = 0] = tally.ends
  const exits = byName(layout.exits, tally.exits)
  const named = namedExits(layout)
  const other = tally.settled.at(-1) ?? 0
  return {
    escaped: tally.escaped,
    exits: Object.fromEntries(Object.entries(exits).filter(([name]) => named.includes(name))),
    settled: {
      ...byName(layout.minima, tally.settled),
      ...(layout.minima.length > 0 || other > 0 ? { other } : {}),
    },
    classes: layout.classes.length === 0 ? {} : byName([...layout.classes, 'other'], tally.classes),
    marks: byName(layout.marks, tally.marks),
    converged,
    diverged,
    unreached: tally.unreached ?? 0,
  }
}

function byName(names: readonly string[], counts: readonly number[]): Record<string, number> {
  return Object.fromEntries(names.map((name, at) => [name, counts[at] ?? 0]))
}

/**
 * Returns the control run as an ordinary cell, which the kernel can run and replay: plain trials of the same cell
 * without drift, with the full batch, separate streams and at most `steps` steps. A control run checks escapes,
 * convergence, classes and marks. If minima are named, it also checks quenches. Returns null if the cell has nothing to
 * check.
 */
export function controlCellOf(cell: Cell, steps = cell.trial.steps): Cell | null {
  if (!measures(cell)) return null
  const quiet = noiseFreeCell(cell)
  return steps >= quiet.trial.steps ? quiet : withSteps(quiet, steps)
}

/**
 * Minimum number of steps of a control run of one trial. In a run of several trials, each trial must have at least 20
 * times as many steps.
 */
const minSteps = 10
const usualSteps = 2000
const minTrials = 10

/**
 * Returns how many trials and steps of a control run fit into `allowance` nanoseconds. If the run takes too long, the
 * steps are first reduced to 2000, then the trials to 10, then both further. Returns null if one trial of 10 steps
 * takes too long, or if one trial takes too long to reach the first test for an escape. Before this test, no trial can
 * escape.
 */
export function controlSizeOf(control: Cell, allowance: number): Pick<Control, 'trials' | 'steps'> | null {
  const most = trialsOf(control.start)
  const { steps } = control.trial
  const fixed = trialCost(withSteps(control, 0))
  const step = stepCost(control).kernel
  const { escape } = control.trial
  const first =
    escape?.kind === 'basin'
      ? escape.every
      : escape?.kind === 'exits'
        ? Math.min(...escape.exits.map(([, , every = 1]) => every))
        : 1
  const atLeast = (enough: number) => Math.min(steps, Math.max(enough, first))
  const stepsFor = (trials: number) => affordableSteps(control, trials, allowance)
  const trialsFor = (steps: number) => Math.min(most, Math.floor(allowance / (fixed + steps * step)))
  if (stepsFor(most) >= atLeast(usualSteps)) return { trials: most, steps: stepsFor(most) }
  const trials = trialsFor(atLeast(usualSteps))
  if (trials >= Math.min(most, minTrials)) return { trials, steps: atLeast(usualSteps) }
  for (const fewer of [Math.min(most, minTrials), Math.min(most, 3), 1])
    if (stepsFor(fewer) >= atLeast(fewer === 1 ? minSteps : 20 * minSteps))
      return { trials: fewer, steps: stepsFor(fewer) }
  return null
}

export function trialsOf(start: Start): number {
  return isPoint(start) ? 1 : 100
}

export function measures({ trial }: Cell): boolean {
  const { quench, minima } = trial
  return hasEvents(trial) || (quench !== null && minima.length > 0)
}

export function hasEvents({ escape, converge, classify, marks }: Cell['trial']): boolean {
  return escape !== null || converge !== null || classify.length > 0 || marks.length > 0
}
