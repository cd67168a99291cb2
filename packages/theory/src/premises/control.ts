import { formatDigest, layoutOf, namedExits, type RecordLayout, type Tally } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import type { Control } from '@driftfarm/statistics'
import { BudgetExceeded, type PartBudget } from './budget.ts'
import { controlCellOf, controlSizeOf } from './controlCell.ts'
import { keyOfPart } from './keys.ts'
import { fullBatch, isRandom } from './noiseFreeCell.ts'
import { AsyncRecentCache } from './recentCache.ts'
import { runTrials } from './runTrials.ts'

type Outcome = Omit<Control, 'own' | 'horizon'>

/**
 * Outcomes of control runs; `null` means that a cell has no control run. A control run has no drift, so cells that
 * differ only in their drift share an outcome. These cells may be far apart in a sweep, so many outcomes are cached.
 */
const known = new AsyncRecentCache<{ readonly outcome: Outcome | null }>(2048)

/** Returns the control run of a cell; null if the cell measures nothing that a control run could show. */
export async function control(
  cell: Cell,
  data: DataTable | null,
  { module, allowance }: PartBudget,
): Promise<Control | null> {
  const { outcome } = await known.get(`${allowance} ${keyOfControl(cell)}`, async () => {
    const quiet = controlCellOf(cell)
    return { outcome: quiet === null ? null : await outcomeOf(quiet, data, { module, allowance }) }
  })
  return outcome && { own: !isRandom(cell), horizon: cell.trial.steps, ...outcome }
}

/**
 * Returns a key of everything that the control run of a cell depends on. The run does not depend on the cell's drift,
 * `method` or `streams`.
 */
function keyOfControl({ kernel, landscape, start, update, trial, seed }: Cell): string {
  const parts = [fullBatch(landscape), start, update.rule, update.eta, trial]
  return `${kernel} ${seed} ${parts.map(keyOfPart).join(' ')}`
}

async function outcomeOf(whole: Cell, data: DataTable | null, { module, allowance }: PartBudget): Promise<Outcome> {
  const size = controlSizeOf(whole, allowance)
  if (size === null) throw new BudgetExceeded('a control run without noise')
  const { trials, steps } = size
  const quiet = controlCellOf(whole, steps)!
  const { tally, digest } = await runTrials(quiet, data, { first: 0, count: trials }, module)
  return { trials, steps, ...countsOf(tally, layoutOf(quiet)), digest: formatDigest(digest) }
}

/** Returns the counts under the same names as in results. As in results, counts of 0 are included. */
function countsOf(
  tally: Tally & { readonly unreached?: number },
  layout: RecordLayout,
): Omit<Outcome, 'trials' | 'steps' | 'digest'> {
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
