import { type CommitPart, encodeOutcomeRow } from '@driftfarm/database'
import type { BatchResult } from '@driftfarm/kernel'
import { eventBits } from '@driftfarm/statistics'
import type { BatchTask } from '../task.ts'
import { headTrials } from './cut.ts'
import type { Runner } from './runner.ts'

/**
 * Computes a batch of trials. If the cut of the task divides the batch, the trials before the cut and the trials after
 * the cut are separate parts. Returns null if the stop flag was seen.
 */
export function computeParts(runner: Runner, task: BatchTask, stop: Int32Array): readonly CommitPart[] | null {
  const { cell, first, count, record, horizons, bits, cut } = task
  const rows = record.kind !== 'none'
  const keep = rows || bits.length > 0
  const { layout } = runner

  const partOf = (from: number, trials: number, { tally, digest, records }: BatchResult): CommitPart => {
    const outcome = rows && records !== null ? encodeOutcomeRow(cell, from, records, layout, record) : null
    const had = bits.map((estimate) => ({ estimate, bytes: eventBits(estimate, records!, layout) }))
    return { first: from, count: trials, tally, digest, outcome, bits: had }
  }
  const compute = (from: number, trials: number): CommitPart | null => {
    const result = runner.run(from, trials, { keep, horizons, stop })
    return result.completed ? partOf(from, trials, result) : null
  }

  let head = count
  if (cut !== null) {
    let whole: BatchResult | null = null
    if ('event' in cut) {
      whole = runner.run(first, count, { keep: true, horizons, stop })
      if (!whole.completed) return null
    }
    head = headTrials(cut, first, count, () => whole!.records!, layout)
    if (whole !== null && head === count) return [partOf(first, count, whole)]
  }
  const parts = [compute(first, head)]
  if (head < count) parts.push(compute(first + head, count - head))
  const finished = parts.filter((part) => part !== null)
  return finished.length === parts.length ? finished : null
}
