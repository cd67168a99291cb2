import type { BundleHead, CellCost, NewBatch, NewBundle, OpenCell } from '@driftfarm/database'
import { isRowless, rowBytes, type Sizing } from './batchSize.ts'
import { defaults } from './defaults.ts'
import { goalOf, planBatches } from './planBatches.ts'
import type { Speed } from './speed.ts'

/** A batch with what decides which bundle it goes into. */
interface Weighed extends Pick<CellCost, 'kernel' | 'form'> {
  /** Thread time in seconds that it should take, with what comes to each batch. */
  readonly seconds: number
  readonly isKnown: boolean
  /** Bytes of its records. */
  readonly bytes: number
}

/** A bundle in the making. */
interface Made<Batch> {
  kernel: number
  form: number
  seconds: number
  isKnown: boolean
  bytes: number
  batches: Batch[]
}

/** Puts batches that come one after the other into bundles of about the same time. */
export class Bundler<Batch extends { readonly count: number }> {
  readonly bundles: Made<Batch>[] = []

  constructor(
    /** Thread time in seconds at which bundles aim. */
    private readonly aim: number,
    private readonly mostBundles: number,
    private readonly mostBatches: number = defaults.bundleBatches,
  ) {}

  /** Number of batches that may still be added, if they were all short. */
  get room(): number {
    const last = this.bundles.at(-1)
    const left = last === undefined ? 0 : this.mostBatches - last.batches.length
    return left + (this.mostBundles - this.bundles.length) * this.mostBatches
  }

  /** Adds a batch; false where no bundle has room for it. */
  add(batch: Batch, { kernel, form, seconds, isKnown, bytes }: Weighed): boolean {
    const last = this.bundles.at(-1)
    if (last === undefined || !this.#fits(last, { kernel, form, seconds, isKnown, bytes })) {
      if (this.bundles.length >= this.mostBundles) return false
      this.bundles.push({ kernel, form, seconds, isKnown, bytes, batches: [batch] })
      return true
    }
    last.form = form
    last.seconds += seconds
    last.isKnown &&= isKnown
    last.bytes += bytes
    last.batches.push(batch)
    return true
  }

  #fits(last: Made<Batch>, { kernel, form, seconds, isKnown, bytes }: Weighed): boolean {
    // What is only guessed is soon known: until then many threads get short bundles too, and few batches each.
    const wanted = isKnown && last.isKnown ? this.aim : Math.min(this.aim, defaults.bundleSeconds)
    // Another form has most likely another module, which a worker may have to compile.
    const aim = form === last.form ? wanted : wanted / 4
    return (
      kernel === last.kernel &&
      last.seconds + seconds <= aim &&
      last.bytes + bytes <= defaults.batchBytes &&
      last.batches.length < this.mostBatches
    )
  }
}

/** Thread time in seconds at which bundles aim: less where all threads would not get enough of what remains. */
export function bundleAim({
  threads,
  remainingSeconds,
  growth,
}: Pick<Sizing, 'threads' | 'remainingSeconds' | 'growth'>): number {
  const share = remainingSeconds / (defaults.bundlesPerThread * Math.max(1, threads))
  return Math.min(defaults.bundleSeconds * growth, Math.max(defaults.leastBundleSeconds, share))
}

/** Thread time in seconds of what may be handed out of cells. */
export const secondsOf = (cells: readonly OpenCell[], ahead: boolean, speed: Speed): number =>
  cells.reduce((sum, cell) => {
    const trials = Math.max(0, goalOf(cell, ahead) - cell.next)
    return trials === 0 ? sum : sum + speed.batchSeconds + trials * speed.trialSeconds(cell)
  }, 0)

export interface Plan {
  readonly bundles: readonly NewBundle[]
  /** Cells of which something is left that could have been handed out. */
  readonly unfinished: readonly OpenCell[]
}

export interface Planning extends Sizing {
  readonly sweep: string
  /** Largest number of bundles, and of long ones among them. */
  readonly room: number
  readonly longRoom: number
  /** Whether cells go beyond their next check point. */
  readonly ahead: boolean
  readonly urgent: boolean
  /** Largest number of batches of a bundle. */
  readonly most?: number | undefined
}

/** Plans which batches of which cells come next, in at most `room` bundles. A pure function. */
export function planBundles(cells: readonly OpenCell[], planning: Planning): Plan {
  const { sweep, room, longRoom, ahead, urgent, speed, most } = planning
  const bundler = new Bundler<NewBatch>(bundleAim(planning), room, most)
  const unfinished: OpenCell[] = []
  const seen = new Set<string>()
  const byForm = cells.toSorted((a, b) => a.kernel - b.kernel || a.form - b.form || a.index - b.index)
  let full = false
  let long = 0
  for (const cell of byForm) {
    const goal = goalOf(cell, ahead)
    // Two indices of a sweep may be the same cell.
    if (goal <= cell.next || seen.has(cell.cell)) continue
    seen.add(cell.cell)
    let first = cell.next
    if (!full) {
      for (const count of planBatches(cell, goal, bundler.room, planning)) {
        const weighed = weigh(cell, count, speed)
        // Cells whose batches are short may still go on.
        if (isLong(weighed, planning) && ++long > longRoom) break
        full = !bundler.add({ cell: cell.cell, first, count }, weighed)
        if (full) break
        first += count
      }
    }
    if (first < goal) unfinished.push(cell)
  }
  const bundles = bundler.bundles.map((made, place) => ({
    ...headOf(made, sweep, planning),
    urgent: urgent && place === 0,
  }))
  return { bundles, unfinished }
}

/** A bundle as the ledger takes it. */
export function headOf<Batch>(
  { kernel, seconds, isKnown, batches }: Made<Batch>,
  sweep: string,
  farm: Pick<Sizing, 'growth'>,
): Omit<BundleHead, 'urgent'> & { readonly batches: readonly Batch[] } {
  return { sweep, kernel, seconds: isKnown ? seconds : null, isLong: isLong({ seconds }, farm), batches }
}

const isLong = ({ seconds }: { readonly seconds: number }, { growth }: Pick<Sizing, 'growth'>): boolean =>
  seconds > Math.max(defaults.longSeconds, 2 * defaults.bundleSeconds * growth)

/** What a batch of a cell comes to. */
function weigh(cell: OpenCell, count: number, speed: Speed): Weighed {
  return {
    kernel: cell.kernel,
    form: cell.form,
    seconds: speed.batchSeconds + count * speed.trialSeconds(cell),
    isKnown: speed.knows(cell),
    bytes: isRowless(cell) ? 0 : count * rowBytes(cell),
  }
}
