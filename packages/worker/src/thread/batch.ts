import { type CommitPart, type Cut, encodeOutcomeRow, type Lease, stepsAtMost, summandsOf } from '@driftfarm/database'
import { type BatchResult, decodeOutcome, observingShare, type RecordLayout } from '@driftfarm/kernel'
import { type Cell, trainingCell } from '@driftfarm/spec'
import { eventAt, eventBits } from '@driftfarm/statistics'
import { settings } from '../settings.ts'
import type { Engine } from '../task.ts'
import type { Runner } from './runners.ts'

/**
 * Computes a batch of trials. If the cut of the task divides the batch, the trials before the cut and the trials after
 * the cut are separate parts. Returns null if the stop flag was seen.
 */
export function computeParts(runner: Runner, task: Lease, stop: Int32Array): readonly CommitPart[] | null {
  const { cell, first, count, record, horizons, bits, cut } = task
  const rows = record.kind !== 'none'
  const keep = rows || bits.length > 0
  const { layout, observed: plan } = runner

  const options = { horizons, stop, values: rows && plan.singles > 0 }
  const observedOf = (values: BatchResult['values']) => (values === undefined ? null : { plan, values })

  const partOf = (from: number, trials: number, { tally, digest, records, values }: BatchResult): CommitPart => {
    const outcome =
      rows && records !== null ? encodeOutcomeRow(cell, from, records, layout, record, observedOf(values)) : null
    const had = bits.map((estimate) => ({ estimate, bytes: eventBits(estimate, records!, layout) }))
    return { first: from, count: trials, tally, digest, outcome, bits: had }
  }
  const compute = (from: number, trials: number): CommitPart | null => {
    const result = runner.run(from, trials, { ...options, keep })
    return result.completed ? partOf(from, trials, result) : null
  }

  let head = count
  if (cut !== null) {
    let whole: BatchResult | null = null
    if ('event' in cut) {
      whole = runner.run(first, count, { ...options, keep: true })
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

/** Returns the number of trials before the cut of a batch; `count` if the cut is at the end of the batch. */
function headTrials(cut: Cut, first: number, count: number, records: () => Uint8Array, layout: RecordLayout): number {
  if ('at' in cut) {
    const head = cut.at - first
    if (!Number.isSafeInteger(head) || head < 1 || head > count)
      throw new RangeError(`a cut at trial ${cut.at} is outside the batch of ${count} trials from trial ${first}`)
    return head
  }
  const kept = records()
  let events = 0
  for (let index = 0; index < count; index++) {
    if (eventAt(cut.event, decodeOutcome(kept, layout, index)) && ++events === cut.nth) return index + 1
  }
  throw new RangeError(
    `cannot cut the batch after event ${cut.nth}: of ${count} trials from trial ${first}, ` +
      `only ${events} had the event ${cut.event}`,
  )
}

/** Time limit for computing a batch, in ms. */
export function deadlineOf(batch: Lease, engine: Engine, cell: Cell, minMs: number): number {
  const { secondsPerTrial, count, cut, observe } = batch
  const seconds = (of: Cell) =>
    stepsAtMost(of) * of.landscape.dimension * summandsOf(of) * settings.uncalibratedSecondsPerStep
  // The trials measured so far may have observed fewer values.
  const trial = (secondsPerTrial ?? seconds(cell)) * (1 + observingShare(cell, observe))
  const run = trainingCell(cell)
  // The first trial of a cell may have to wait for its training.
  const training = run === null ? 0 : seconds(run)
  // A batch with a cut may be computed twice: first as a whole, to find the event after which it is cut, and then again
  // as two parts.
  const passes = cut === null ? 1 : 2
  const slowness = engine === 'reference' ? settings.referenceSlowness : 1
  return Math.max(minMs, 1_000 * settings.deadlineFactor * slowness * (passes * trial * count + training))
}
