import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { ranges } from '../schema/range.ts'
import type { Demand, RecordRule } from '../sweep.ts'
import type { Scope } from './scope.ts'
import { resolveUntil } from './until.ts'

/** Rows of up to so many trials a sweep are kept unless `record` says otherwise. */
const recordedTrials = 10_000_000n

/** What is asked of every cell, with the upper bound of trials over all `cells`. */
export function resolveDemand(scope: Scope, cells: number): { demand: Demand; maxTrials: bigint } {
  const { document, root } = scope
  refuseLater(scope)
  const confidence = scope.number(root, 'confidence', ranges.confidence, 0.95)
  const until = resolveUntil(scope, confidence)
  const trials = document.trials === undefined ? null : trialsOf(scope)
  if ((trials === null) === (until === null)) {
    const known = ['trials', 'until']
    throw new Mistake('EXACTLY_ONE', [], { known, reason: trials === null ? 'none' : known.join(' and ') })
  }
  const maxTrials = BigInt(trials ?? until!.max) * BigInt(cells)
  if (maxTrials > limits.trialsPerSweep) {
    const path = trials === null ? ['until', 'max'] : ['trials']
    throw new Mistake('TOO_MANY_TRIALS', path, {
      value: `${maxTrials} trials over ${cells} cells`,
      limit: '10^18 trials a sweep',
    })
  }
  const rateAfter = scope.number(scope.root.inner('rate'), 'after', ranges.stepIndex, 0)
  const demand: Demand = {
    trials,
    until,
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

function refuseLater(scope: Scope): void {
  if (scope.document.contrasts !== undefined)
    throw new Mistake('NOT_YET_BUILT', ['contrasts'], { reason: 'contrasts', hint: 'leave contrasts out' }, 'key')
}
