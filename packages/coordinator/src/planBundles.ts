import type { CellCost, CellTrials, NewBundle, OpenCell } from '@driftfarm/database'
import { defaults } from './defaults.ts'
import { dispatchGoal, planBatches, recordsNothing, rowBytes, type Sizing } from './planBatches.ts'
import type { Speed } from './speed.ts'

interface BatchCost extends Pick<CellCost, 'kernel' | 'form'> {
  /** Expected thread time in seconds, including the overhead of the batch. */
  readonly seconds: number
  readonly isKnown: boolean
  /** Size of the records of the batch in bytes. */
  readonly bytes: number
}

type PartialBundle<Batch> = { -readonly [Key in keyof BatchCost]: BatchCost[Key] } & { readonly batches: Batch[] }

/** Puts consecutive batches into bundles of about the same duration. */
export class Bundler<Batch extends Pick<CellTrials, 'count'>> {
  readonly bundles: PartialBundle<Batch>[] = []

  constructor(
    /** Target thread time of a bundle in seconds. */
    private readonly aim: number,
    private readonly maxBundles: number,
    private readonly maxBatches: number = defaults.bundleBatches,
  ) {}

  /** Number of batches that `maxBundles` and `maxBatches` still allow. Fewer fit if batches are long. */
  get room(): number {
    const last = this.bundles.at(-1)
    const left = last === undefined ? 0 : this.maxBatches - last.batches.length
    return left + (this.maxBundles - this.bundles.length) * this.maxBatches
  }

  /** Returns false if no bundle has room for the batch. */
  add(batch: Batch, cost: BatchCost): boolean {
    const last = this.bundles.at(-1)
    if (last === undefined || !this.#fits(last, cost)) {
      if (this.bundles.length >= this.maxBundles) return false
      this.bundles.push({ ...cost, batches: [batch] })
      return true
    }
    last.form = cost.form
    last.seconds += cost.seconds
    last.isKnown &&= cost.isKnown
    last.bytes += cost.bytes
    last.batches.push(batch)
    return true
  }

  #fits(last: PartialBundle<Batch>, { kernel, form, seconds, isKnown, bytes }: BatchCost): boolean {
    // While costs are only guessed, bundles are not made longer on a farm with many threads. Measured costs soon
    // replace the guesses.
    const wanted = isKnown && last.isKnown ? this.aim : Math.min(this.aim, defaults.bundleSeconds)
    // Cells of one form use the same compiled module. A batch of another form may have to wait for a compilation, so it
    // is added only to a bundle that is still short.
    const aim = form === last.form ? wanted : wanted / 4
    return (
      kernel === last.kernel &&
      last.seconds + seconds <= aim &&
      last.bytes + bytes <= defaults.batchBytes &&
      last.batches.length < this.maxBatches
    )
  }
}

/** The target is shorter if the remaining work would not keep all threads busy. */
export function targetBundleSeconds({
  threads,
  remainingSeconds,
  growth,
}: Pick<Sizing, 'threads' | 'remainingSeconds' | 'growth'>): number {
  const share = remainingSeconds / (defaults.bundlesPerThread * Math.max(1, threads))
  return Math.min(defaults.bundleSeconds * growth, Math.max(defaults.minBundleSeconds, share))
}

/** Expected thread time, in seconds, of all trials that may still be dispatched for these cells. */
export const secondsOf = (cells: readonly OpenCell[], ahead: boolean, speed: Speed): number =>
  cells.reduce((sum, cell) => {
    const trials = Math.max(0, dispatchGoal(cell, ahead) - cell.next)
    return trials === 0 ? sum : sum + speed.batchSeconds + trials * speed.trialSeconds(cell)
  }, 0)

export interface PlanBundlesOptions extends Sizing {
  readonly sweep: string
  /** Largest number of bundles. */
  readonly room: number
  /** Largest number of long bundles. */
  readonly longRoom: number
  /** Whether the plan may go beyond a cell's target, up to the next check point of a stopping rule. */
  readonly ahead: boolean
  readonly urgent: boolean
  /** Largest number of batches in a bundle. */
  readonly most?: number | undefined
}

/**
 * A pure function that plans which batches of which cells come next, in at most `room` bundles. The cells in
 * `unfinished` still have trials to dispatch after these bundles.
 */
export function planBundles(cells: readonly OpenCell[], planning: PlanBundlesOptions) {
  const { sweep, room, longRoom, ahead, urgent, speed, most } = planning
  const bundler = new Bundler<CellTrials>(targetBundleSeconds(planning), room, most)
  const unfinished: OpenCell[] = []
  const seen = new Set<string>()
  const byForm = cells.toSorted((a, b) => a.kernel - b.kernel || a.form - b.form || a.index - b.index)
  let full = false
  let long = 0
  for (const cell of byForm) {
    const goal = dispatchGoal(cell, ahead)
    // Two indices of a sweep may refer to the same cell.
    if (goal <= cell.next || seen.has(cell.cell)) continue
    seen.add(cell.cell)
    let first = cell.next
    if (!full) {
      for (const count of planBatches(cell, goal, bundler.room, planning)) {
        const weighed = costOfBatch(cell, count, speed, recordsNothing(cell) ? 0 : rowBytes(cell))
        // No further long batch fits. Skip the rest of this cell, but go on with the other cells, which may have short
        // batches.
        if (isLong(weighed, planning) && ++long > longRoom) break
        full = !bundler.add({ cell: cell.cell, first, count }, weighed)
        if (full) break
        first += count
      }
    }
    if (first < goal) unfinished.push(cell)
  }
  const bundles = bundler.bundles.map(
    (made, place): NewBundle => ({
      ...headOf(made, sweep, planning),
      urgent: urgent && place === 0,
    }),
  )
  return { bundles, unfinished }
}

/** A bundle in the form that the ledger expects. */
export function headOf<Batch extends Pick<CellTrials, 'count'>>(
  { kernel, seconds, isKnown, batches }: PartialBundle<Batch>,
  sweep: string,
  farm: Pick<Sizing, 'growth'>,
): Omit<NewBundle<Batch>, 'urgent'> {
  return { sweep, kernel, seconds: isKnown ? seconds : null, isLong: isLong({ seconds }, farm), batches }
}

const isLong = ({ seconds }: { readonly seconds: number }, { growth }: Pick<Sizing, 'growth'>): boolean =>
  seconds > Math.max(defaults.longSeconds, 2 * defaults.bundleSeconds * growth)

/** `rowBytes`: size of the record of a trial in bytes; 0 if the batch records nothing. */
export function costOfBatch(cell: CellCost, count: number, speed: Speed, rowBytes: number): BatchCost {
  return {
    kernel: cell.kernel,
    form: cell.form,
    seconds: speed.batchSeconds + count * speed.trialSeconds(cell),
    isKnown: speed.isMeasured(cell),
    bytes: count * rowBytes,
  }
}
