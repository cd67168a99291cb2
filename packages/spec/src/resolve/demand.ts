import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { ranges } from '../schema/range.ts'
import type { Demand, RecordRule, Until } from '../sweep.ts'
import { type Methods, replicasOf } from './replicas.ts'
import type { Scope } from './scope.ts'
import { resolveUntil } from './until.ts'

/** Rows of up to so many trials a sweep are kept unless `record` says otherwise. */
const recordedTrials = 10_000_000n

/** What is asked of every cell, with the upper bound of trials over all `cells`. Contrasts are for whoever knows the axes. */
export function resolveDemand(
  scope: Scope,
  cells: number,
  methods: Methods,
): { demand: Omit<Demand, 'contrasts'>; maxTrials: bigint } {
  const { document, root } = scope
  const confidence = scope.number(root, 'confidence', ranges.confidence, 0.95)
  const until = budgeted(scope, resolveUntil(scope, confidence), cells)
  const written = document.trials === undefined ? null : trialsOf(scope)
  const replicas = methods.splitting ? replicasOf(methods, written) : null
  if (until !== null && !methods.direct)
    throw new Mistake('UNKNOWN_KEY', ['until'], { word: 'until', hint: 'splitting takes a number of replicas' }, 'key')
  if (document.horizons !== undefined && !methods.direct)
    throw new Mistake('UNKNOWN_KEY', ['horizons'], { word: 'horizons', hint: 'horizons are of direct cells' }, 'key')
  if (until?.budget !== undefined && methods.splitting)
    throw new Mistake('UNKNOWN_KEY', ['budget'], { word: 'budget', hint: 'a budget is spent on direct cells' }, 'key')
  const trials = methods.direct ? written : replicas
  if ((trials === null) === (until === null)) {
    const known = ['trials', 'until']
    throw new Mistake('EXACTLY_ONE', [], { known, reason: trials === null ? 'none' : known.join(' and ') })
  }
  const splits = methods.direct ? Math.ceil(methods.share * cells) : 0
  const most = BigInt(trials ?? until!.max) * BigInt(cells - splits) + BigInt(replicas ?? 0) * BigInt(splits)
  const maxTrials = until?.budget !== undefined && BigInt(until.budget) < most ? BigInt(until.budget) : most
  if (maxTrials > limits.trialsPerSweep) {
    const path = trials === null ? ['until', 'max'] : ['trials']
    throw new Mistake('TOO_MANY_TRIALS', path, {
      value: `${maxTrials} trials over ${cells} cells`,
      limit: '10^18 trials a sweep',
    })
  }
  const rateAfter = scope.number(scope.root.inner('rate'), 'after', ranges.stepIndex, 0)
  const demand = {
    trials,
    until,
    ...(methods.direct && replicas !== null ? { replicas } : {}),
    record: recordOf(scope, maxTrials),
    horizons: horizonsOf(scope),
    ...(rateAfter > 0 && { rateAfter }),
    confidence,
    simultaneous: document.simultaneous ?? false,
    interval: document.interval ?? 'clopper-pearson',
    estimates: document.estimates ?? null,
  }
  return { demand, maxTrials }
}

/** The rules with the sweep's budget, which must reach the first check point of every cell. */
function budgeted(scope: Scope, until: Until | null, cells: number): Until | null {
  if (scope.root.get('budget') === undefined) return until
  if (until === null)
    throw new Mistake('MISSING', ['until'], { expected: '`until` beside `budget`: a stop rule says what a cell needs' })
  if (cells > limits.budgetedCells)
    throw new Mistake('TOO_MANY_CELLS', ['budget'], {
      value: `a budget over ${cells} cells`,
      limit: `${limits.budgetedCells} cells that share a budget`,
    })
  const budget = scope.number(scope.root, 'budget', ranges.trials)
  const least = cells * until.min
  if (budget < least)
    throw new Mistake('OUT_OF_RANGE', ['budget'], {
      value: budget,
      expected: `at least ${least}, until.min (${until.min}) for each of ${cells} cells`,
    })
  return { ...until, budget }
}

function trialsOf(scope: Scope): number {
  const written = scope.root.get('trials')
  if (typeof written === 'number' && written > limits.trialsPerCell) {
    throw new Mistake('TOO_MANY_TRIALS', ['trials'], { value: written, limit: '10^15 trials a cell' })
  }
  return scope.number(scope.root, 'trials', ranges.trials)
}

function recordOf(scope: Scope, maxTrials: bigint): RecordRule {
  const { record } = scope.document
  if (isMapping(record))
    return { kind: 'sample', share: scope.number(scope.root.inner('record'), 'sample', ranges.share) }
  return { kind: record ?? (maxTrials <= recordedTrials ? 'all' : 'none') }
}

function horizonsOf(scope: Scope): number[] {
  const frame = scope.root.inner('horizons')
  const horizons = (scope.document.horizons ?? []).map((_, i) => scope.number(frame, i, ranges.horizon))
  return [...new Set(horizons)].sort((a, b) => a - b)
}
