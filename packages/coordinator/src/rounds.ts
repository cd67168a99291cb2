import type { BudgetRound, OpenDemand, SearchRound, Settlement, VisitedCell } from '@driftfarm/database'
import type { Searched } from '@driftfarm/spec'
import {
  bracketsOf,
  checkPoints,
  estimatesOf,
  needOf,
  nextPlaces,
  sampleSizeChoiceOf,
  type ThresholdSide,
  tallyFromJson,
} from '@driftfarm/statistics'

/**
 * The need of a cell says how far the cell is from its nearest stopping rule. It is a ratio, such as the half-width
 * divided by the requested half-width, and is above 1 until the rule is met. Cells with at least this share of the
 * greatest need continue in the same round, so that workers have more than one cell to compute.
 */
const sameRoundShare = 0.8

type Candidate = Readonly<ReturnType<typeof candidateOf>>

/**
 * One round of dividing a budget among cells. Every cell that has not ended waits at a check point. `spent` is the
 * number of trials of all cells of the sweep so far. The cells with the greatest need continue to their next check
 * points as far as the budget allows. If the rest of the budget is too small for the next check point of a cell, that
 * cell is skipped. If the rest is too small for every cell, the budget counts as used up and all cells end. The
 * function is pure, so its result is the same for any number of workers, any batch size and any order of completion.
 */
export function spendRound(waiting: readonly OpenDemand[], spent: number): BudgetRound {
  const { until } = waiting[0]!.demand
  let left = until!.budget! - spent
  const ranked = waiting
    .map(candidateOf)
    .filter(({ cost }) => cost <= left)
    // Needs of cells whose rules all wait for a first event are infinite: their difference is NaN, which is skipped.
    .sort((a, b) => b.need - a.need || a.demand.trials - b.demand.trials || a.demand.index - b.demand.index)
  const [first] = ranked
  if (first === undefined)
    return { continuing: [], end: waiting.map((demand) => ({ demand, settlement: endOf(demand) })) }
  const continuing: { index: number; target: number }[] = []
  for (const candidate of ranked) {
    if (!joins(candidate, first) || candidate.cost > left) continue
    left -= candidate.cost
    continuing.push({ index: candidate.demand.index, target: candidate.next })
  }
  return { continuing, end: [] }
}

function candidateOf(demand: OpenDemand) {
  const { layout, trial, trials, extended } = demand
  const { until, simultaneous } = demand.demand
  const need = needOf(until!, tallyFromJson(demand.tally!, layout), layout, {
    cells: simultaneous ? demand.cells : null,
    trial,
    extended,
  })
  const next = checkPoints(until!.min, until!.max).find((point) => point > trials)!
  return { demand, need, next, cost: next - trials }
}

function joins({ need, demand }: Candidate, first: Candidate): boolean {
  if (Number.isFinite(first.need)) return need >= sameRoundShare * first.need
  return need === first.need && demand.trials === first.demand.trials
}

function endOf(demand: OpenDemand): Settlement {
  const { tally, layout } = demand
  const stopped = { rule: 'budget' } as const
  const choice = sampleSizeChoiceOf(demand, stopped)
  const estimates = estimatesOf(tallyFromJson(tally!, layout), layout, demand.demand, choice)
  return { ...demand, state: 'done', estimates, stopped, again: [] }
}

/**
 * One round of the search for one threshold on each line of a sweep. A line consists of the cells that differ only in
 * the searched value. `cells` is the number of cells of the sweep. The function is pure, so the same cells are visited
 * for any number of workers and any order of completion. A cell whose trials failed gives no information, just like an
 * undecided cell.
 */
export function searchRound(visited: readonly VisitedCell[], searched: Searched, cells: number): SearchRound {
  const { points } = searched
  const lines = Array.from({ length: cells / points }, () => new Map<number, ThresholdSide | 'open'>())
  for (const { index, state, decision } of visited)
    lines[Math.floor(index / points)]!.set(index % points, state === 'open' ? 'open' : (decision ?? 'undecided'))
  const visit = lines.flatMap((line, i) => nextPlaces(searched, line).map((place) => i * points + place))
  const unmet = lines.filter((line) => !isLocated(line)).length
  return { visit, waits: visited.some(({ state }) => state === 'open'), unmet }
}

function isLocated(line: ReadonlyMap<number, ThresholdSide | 'open'>): boolean {
  const visited = [...line].map(([place, side]) => ({ place, side: side === 'open' ? ('undecided' as const) : side }))
  return bracketsOf(visited.sort((a, b) => a.place - b.place)).isLocated
}
