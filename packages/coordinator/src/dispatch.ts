import {
  type Database,
  dispatchBundles,
  type IndexSelection,
  type LiveSweep,
  type LooseBatch,
  looseBatches,
  markQueued,
  type NewBundle,
  type OpenCell,
  openCells,
  rebundle,
  unqueuedBundles,
} from '@driftfarm/database'
import { groupedBy } from '@driftfarm/formula'
import { defaults } from './defaults.ts'
import type { SweepMemory } from './memory.ts'
import { rowBytes } from './planBatches.ts'
import { Bundler, costOfBatch, headOf, planBundles, secondsOf } from './planBundles.ts'
import type { Queues } from './queues.ts'
import { Speed } from './speed.ts'
import type { PassSizes } from './term.ts'
import { shareWindow } from './window.ts'

/** `batch` has the same meaning as in `Sizing`. */
export interface DispatchContext extends PassSizes {
  readonly database: Database
  readonly queues: Pick<Queues, 'add'>
  readonly epoch: number
  readonly kernel: number
  readonly batch: number | null
  /** The largest number of batches in a bundle, for tests; null for the default. */
  readonly bundle: number | null
  /** Returns whether anything changed. */
  readonly settleAt: (sweep: LiveSweep, memory: SweepMemory, places: IndexSelection) => Promise<boolean>
}

export interface SweepToDispatch {
  readonly sweep: LiveSweep
  readonly memory: SweepMemory
}

/**
 * Dispatches new batches as far as the window allows. First each sweep gets its share of the window. The rest of the
 * window goes to the sweeps that have work beyond their share. Sweeps with nothing dispatched come first: their jobs
 * are added to the queue before the cells of other sweeps are read.
 */
export async function dispatchBatches(context: DispatchContext, among: readonly SweepToDispatch[], out: number) {
  const sweeps = [...among].sort((a, b) => Number(a.sweep.out > 0) - Number(b.sweep.out > 0))
  const shares = shareWindow(
    context.window,
    sweeps.map(({ sweep }) => sweep),
  )
  const given = new Map<string, number>()
  let all = nothing
  let enqueued = 0
  let waiting = 0
  let wasUrgent = false
  for (const round of ['share', 'rest', 'ahead'] as const) {
    for (const entry of sweeps) {
      const { id } = entry.sweep
      const room = context.window - out - all.bundles
      const had = given.get(id) ?? 0
      const share = (shares.get(id) ?? 0) - had
      // A sweep with nothing dispatched always gets a bundle, so that a small sweep need not wait for a large one.
      const least = had === 0 && entry.sweep.out === 0 ? 1 : 0
      const wanted = round === 'share' ? Math.max(Math.min(share, room), least) : room
      // Batches beyond the next check point of a cell are dispatched only to threads that would otherwise be idle.
      const most = round === 'ahead' ? Math.min(room, context.threads - out - all.bundles) : wanted
      if (most <= 0) continue
      const urgent = had === 0 && entry.sweep.out === 0
      if (wasUrgent && !urgent && waiting > 0) {
        enqueued += await enqueue(context)
        waiting = 0
      }
      wasUrgent = urgent
      const now = { ...context, longRoom: context.longRoom - all.long }
      const made =
        round === 'ahead' ? await dispatchAhead(now, entry, most) : await dispatchSweep(now, entry, most, urgent)
      given.set(id, had + made.bundles)
      all = sum(all, made)
      if (made.bundles > 0) waiting++
      if (waiting < defaults.sweepsAtATime) continue
      enqueued += await enqueue(context)
      waiting = 0
    }
  }
  enqueued += await enqueue(context)
  return { batches: all.batches, enqueued }
}

/** `long` is the number of long bundles among `bundles`. */
const nothing = { bundles: 0, long: 0, batches: 0 }
type DispatchCounts = Readonly<typeof nothing>
const sum = (a: DispatchCounts, b: DispatchCounts): DispatchCounts => ({
  bundles: a.bundles + b.bundles,
  long: a.long + b.long,
  batches: a.batches + b.batches,
})

async function dispatchSweep(
  context: DispatchContext,
  entry: SweepToDispatch,
  room: number,
  urgent: boolean,
): Promise<DispatchCounts> {
  const { memory, sweep } = entry
  let made = nothing
  const planned = (cells: readonly OpenCell[], beyond: number) =>
    planFor(context, entry, cells, {
      room: room - made.bundles,
      longRoom: context.longRoom - made.long,
      urgent: urgent && made.bundles === 0,
      beyond,
    })
  while (memory.raisedIndices.size > 0 && made.bundles < room) {
    const indices = [...memory.raisedIndices].sort((a, b) => a - b).slice(0, defaults.cellsAtATime)
    const cells = await cellsAt(context, entry, { indices })
    const plan = planned(cells, 0)
    made = sum(made, await dispatchPlan(context, entry, plan))
    for (const index of indices) memory.raisedIndices.delete(index)
    for (const { index } of plan.unfinished) memory.raisedIndices.add(index)
    if (plan.unfinished.length > 0) break
  }
  for (let pages = 0; memory.cursor < sweep.cells && made.bundles < room && pages < defaults.pages; pages++) {
    const most = Math.max(defaults.minCells, Math.ceil(memory.cellsPerBundle * (room - made.bundles)))
    const places = { from: memory.cursor, to: memory.cursor + Math.min(most, defaults.cellsAtATime) }
    const cells = await cellsAt(context, entry, places)
    const beyond = Math.max(0, sweep.cells - places.to)
    const plan = planned(cells, beyond)
    made = sum(made, await dispatchPlan(context, entry, plan))
    const first = Math.min(...plan.unfinished.map(({ index }) => index))
    memory.cursor = Number.isFinite(first) ? first : places.to
    if (!Number.isFinite(first)) continue
    memory.cellsPerBundle = (first - places.from) / Math.max(1, plan.bundles.length)
    break
  }
  return made
}

/**
 * Returns the open cells at `places`. First settles their finished batches, no matter which sweep requested the
 * batches.
 */
async function cellsAt(
  { database, settleAt }: DispatchContext,
  { sweep, memory }: SweepToDispatch,
  places: IndexSelection,
): Promise<OpenCell[]> {
  const cells = await openCells(database, sweep.id, places)
  const isChanged = cells.some(({ due }) => due) && (await settleAt(sweep, memory, places))
  return isChanged ? openCells(database, sweep.id, places) : cells
}

/** Dispatches batches beyond the next check points, lowest cell indices first. */
async function dispatchAhead(context: DispatchContext, entry: SweepToDispatch, room: number): Promise<DispatchCounts> {
  const { sweep, memory } = entry
  if (!sweep.continues) return nothing
  const places = { from: memory.front, to: memory.front + defaults.cellsAtATime }
  const cells = (await openCells(context.database, sweep.id, places)).filter(({ continues }) => continues)
  memory.front = cells[0]?.index ?? (places.to < sweep.cells ? places.to : memory.front)
  const { longRoom } = context
  const plan = planFor(context, entry, cells, { room, longRoom, urgent: false, beyond: 0, ahead: true })
  return dispatchPlan(context, entry, plan)
}

/**
 * `beyond` is the number of cells of the sweep that follow the cells in `found` and have not been read yet. These cells
 * are assumed to have the same average cost as the cells in `found`.
 */
function planFor(
  { threads, growth, batch, bundle, kernel }: DispatchContext,
  { sweep, memory: { speed } }: SweepToDispatch,
  found: readonly OpenCell[],
  {
    beyond,
    ahead = false,
    ...more
  }: { room: number; longRoom: number; urgent: boolean; beyond: number; ahead?: boolean },
) {
  // Cells of a newer kernel version are left to a newer coordinator.
  const cells = found.filter((cell) => cell.kernel <= kernel)
  const seconds = secondsOf(cells, ahead, speed)
  const remainingSeconds = seconds + (beyond * seconds) / Math.max(1, cells.length)
  const sizing = { threads, remainingSeconds, growth, batch, speed }
  return planBundles(cells, { ...sizing, ...more, sweep: sweep.id, ahead, most: bundle ?? undefined })
}

async function dispatchPlan(
  { database, epoch }: DispatchContext,
  { sweep: { id }, memory }: SweepToDispatch,
  plan: ReturnType<typeof planFor>,
): Promise<DispatchCounts> {
  const { bundles } = plan
  if (bundles.length === 0) return nothing
  const batches = await dispatchBundles(database, epoch, id, bundles)
  memory.isRunning = true
  return { bundles: bundles.length, long: bundles.filter(({ isLong }) => isLong).length, batches }
}

/**
 * Puts batches that were released, failed or lost, or that must be recomputed, into new bundles. A failed batch gets a
 * bundle of its own. Each time a batch vanishes (its lease ends without a report), the size limit of its next bundle is
 * divided by 8. A batch that terminates its worker is therefore soon the only batch in its bundle.
 */
export async function rebundleLoose(
  context: DispatchContext,
  sweeps: readonly SweepToDispatch[],
): Promise<DispatchCounts> {
  const { database, epoch, kernel, growth } = context
  const known = new Map(sweeps.map(({ sweep, memory }) => [sweep.id, memory.speed]))
  const loose = await looseBatches(database, kernel, defaults.looseAtATime)
  if (loose.length === 0) return nothing
  const unwanted = loose.filter(({ sweep }) => sweep === null)
  const wanted = loose.filter(({ sweep }) => sweep !== null)
  const groups = groupedBy(wanted, (batch) => `${batch.sweep} ${maxPerBundle(batch)}`)
  const bundles = [...groups.values()].flatMap((batches): NewBundle<LooseBatch>[] => {
    const sweep = batches[0]!.sweep!
    const speed = known.get(sweep) ?? new Speed()
    const most = Math.min(maxPerBundle(batches[0]!), context.bundle ?? Number.POSITIVE_INFINITY)
    const bundler = new Bundler<LooseBatch>(defaults.bundleSeconds * growth, Number.POSITIVE_INFINITY, most)
    for (const batch of batches) {
      bundler.add(batch, costOfBatch(batch, batch.count, speed, rowBytes(batch)))
    }
    return bundler.bundles.map((made) => ({ ...headOf(made, sweep, { growth }), urgent: true }))
  })
  await rebundle(database, epoch, bundles, unwanted)
  return { bundles: bundles.length, long: bundles.filter(({ isLong }) => isLong).length, batches: loose.length }
}

function maxPerBundle({ failures, vanished }: LooseBatch): number {
  if (failures > 0) return 1
  return Math.max(1, Math.floor(defaults.bundleBatches / 8 ** vanished))
}

/** BullMQ's addBulk is not atomic on Redis; if a call is interrupted, only some of its jobs may have been added. */
const jobsPerCall = 1_000

/**
 * Adds a job to the queue for each bundle without a job. If the queue fails, the same jobs are added again later, which
 * is harmless.
 */
export async function enqueue({ database, queues, epoch, kernel }: DispatchContext): Promise<number> {
  let added = 0
  for (;;) {
    const jobs = await unqueuedBundles(database, kernel, jobsPerCall)
    if (jobs.length === 0) return added
    await queues.add(jobs)
    await markQueued(database, epoch, jobs)
    added += jobs.length
    if (jobs.length < jobsPerCall) return added
  }
}
