import {
  type ChangedDemand,
  type FarmSnapshot,
  finishSweep,
  giveUpSweep,
  isRetryable,
  LedgerError,
  type LiveSweep,
  type OpenDemand,
  type Settle,
  searchThreshold,
  settleIndices,
  settlePendingUpdates,
  spendBudget,
  unpark,
} from '@driftfarm/database'
import { defaults } from './defaults.ts'
import { type DispatchContext, dispatchBatches, rebundleLoose, type SweepToDispatch } from './dispatch.ts'
import type { SchedulerMemory, SweepMemory } from './memory.ts'
import { searchRound, spendRound } from './rounds.ts'
import { settleDemand } from './settle.ts'
import { settleContrasts } from './settleSweep.ts'

export interface PassOptions {
  readonly memory: SchedulerMemory
  readonly counters: Counters
  readonly nowMs: number
  readonly stalledMs: number
  /** Called with an error of one sweep. The other sweeps continue. */
  readonly onTrouble: (error: Error) => void
}

/**
 * One scheduling pass of the leading coordinator. It dispatches the next batches and fills the queue, settles committed
 * batches, and ends complete sweeps. Returns whether another pass is due at once.
 */
export async function schedulingPass(
  context: Omit<DispatchContext, 'settleAt'>,
  snapshot: FarmSnapshot,
  { memory, counters, nowMs, stalledMs, onTrouble }: PassOptions,
): Promise<boolean> {
  const { database, epoch } = context
  const dispatched = snapshot.sweeps.map((sweep): SweepToDispatch => {
    const own = memory.of(sweep)
    if (own.detectStall(sweep, snapshot.hasUpdates || snapshot.hasLoose, nowMs, stalledMs)) own.restart()
    return { sweep, memory: own }
  })
  // A batch is parked while no live sweep requests it, so sweeps that start or resume release their batches.
  const started = dispatched.filter(({ memory }) => memory.mayBeParked)
  const ids = started.map(({ sweep }) => sweep.id)
  if (ids.length > 0) await unpark(database, epoch, ids)
  for (const { memory } of started) memory.mayBeParked = false
  memory.forgetAllBut(snapshot.sweeps)
  const thrown = new Map<string, Error>()
  const settle = settleFunction(memory, thrown, nowMs)
  const note = (changes: readonly ChangedDemand[]): void => {
    counters.settled += changes.length
    for (const { sweep, index, raised } of changes) {
      const own = memory.get(sweep)
      if (own === undefined) continue
      own.hasChanged = true
      // Requests from `cursor` onwards have not been read yet, and will be read with their new targets. Only requests
      // before `cursor` need be recorded.
      if (raised && index < own.cursor) own.raisedIndices.add(index)
    }
  }

  const settleAt: DispatchContext['settleAt'] = async (sweep, _, places) => {
    const { changes } = await settleIndices(database, epoch, sweep.id, places, settle)
    note(changes)
    return changes.length > 0
  }
  // Loose batches, which were dispatched earlier, take precedence over new batches.
  const loose = snapshot.hasLoose ? await rebundleLoose({ ...context, settleAt }, dispatched) : null
  let again = loose !== null && loose.batches > 0
  // If there are more dispatched bundles than threads, no thread is waiting. In that case, settle first, so that
  // dispatching once is enough. Otherwise, dispatch first, because committed batches can wait to be settled.
  const isSaturated = snapshot.out > context.threads
  /** Settles pending updates in one transaction. Returns whether any remain, which the next pass settles. */
  const settleUpdates = async (): Promise<boolean> => {
    const { changes, costs, more } = await settlePendingUpdates(database, epoch, settle)
    note(changes)
    for (const cost of costs) memory.get(cost.sweep)?.speed.update(cost)
    return more
  }
  const updateSweeps = async (): Promise<void> => {
    for (const { sweep, memory: own } of dispatched) {
      try {
        if (await updateSweep(context, sweep, own, counters)) again = true
      } catch (error) {
        if (!isSweepError(error)) throw error
        thrown.set(sweep.id, error)
      }
    }
  }
  if (snapshot.hasUpdates && isSaturated) {
    if (await settleUpdates()) again = true
    // Update the sweeps now, so that users of a small sweep need not wait while a large sweep is dispatched.
    await updateSweeps()
  }
  const longRoom = context.longRoom - (loose?.long ?? 0)
  const out = snapshot.out + (loose?.bundles ?? 0)
  const { batches, enqueued } = await dispatchBatches({ ...context, longRoom, settleAt }, dispatched, out)
  counters.dispatched += batches
  counters.enqueued += enqueued
  if (snapshot.hasUpdates && !isSaturated) {
    await settleUpdates()
    again = true
  }
  await updateSweeps()
  for (const { sweep, memory: own } of dispatched) {
    const error = thrown.get(sweep.id)
    if (error === undefined) {
      own.thrown = 0
      continue
    }
    again = true
    onTrouble(error)
    own.restart()
    if (++own.thrown < defaults.tries) continue
    await giveUpSweep(database, epoch, sweep.id, `the trials of this sweep cannot be merged: ${error.message}`)
    counters.finished++
  }
  return again
}

/**
 * If settling a request fails, the error is recorded for the sweep of the request, and the request stays unchanged.
 * The estimates of open cells are for users who watch the sweep, and are updated only every `estimateMs`.
 */
function settleFunction(memory: SchedulerMemory, thrown: Map<string, Error>, nowMs: number): Settle {
  const isDue = (sweep: string): boolean => {
    const own = memory.get(sweep)
    if (own === undefined) return true
    if (nowMs - own.estimatedMs >= defaults.estimateMs) own.estimatedMs = nowMs
    return own.estimatedMs === nowMs
  }
  return (demand: OpenDemand, ahead) => {
    try {
      return settleDemand(demand, ahead, { estimate: isDue(demand.sweep) })
    } catch (error) {
      thrown.set(demand.sweep, error instanceof Error ? error : new Error(String(error)))
      return null
    }
  }
}

/** Returns whether another pass is due at once. */
async function updateSweep(
  { database, epoch }: Pick<DispatchContext, 'database' | 'epoch'>,
  sweep: LiveSweep,
  memory: SweepMemory,
  counters: Counters,
): Promise<boolean> {
  if (!memory.hasChanged) return false
  memory.hasChanged = false
  // Records requests whose targets were raised, so that their additional trials are dispatched. Some of these trials
  // may be in batches that were dispatched for another sweep and then parked.
  const raise = async (indices: readonly number[]): Promise<void> => {
    for (const index of indices) if (index < memory.cursor) memory.raisedIndices.add(index)
    if (indices.length > 0) await unpark(database, epoch, [sweep.id])
  }
  if (sweep.budgeted) {
    const { changes, raised } = await spendBudget(database, epoch, sweep.id, spendRound)
    await raise(raised)
    if (changes > 0) memory.hasChanged = true
  }
  if (sweep.searching) {
    const { raised, ended } = await searchThreshold(database, epoch, sweep.id, searchRound)
    await raise(raised)
    if (raised.length > 0) {
      memory.hasChanged = true
      return true
    }
    if (ended) memory.hasChanged = true
  }
  if (await settleContrasts(database, epoch, sweep.id)) {
    memory.hasChanged = true
    return true
  }
  if ((await finishSweep(database, epoch, sweep.id)) !== null) counters.finished++
  return memory.hasChanged
}

/**
 * Returns whether the content of a single sweep caused the error. After such an error, the other sweeps continue. All
 * other errors come from the ledger (another coordinator leads now) or from the database (unreachable or full).
 * Database errors are recognised by their form: the driver throws plain `Error` objects, and errors from the server
 * have a `severity`.
 */
function isSweepError(error: unknown): error is Error {
  if (!(error instanceof Error) || error.constructor === Error || error instanceof LedgerError) return false
  return !isRetryable(error) && !('severity' in error)
}

/** Counters of a coordinator since its creation, for metrics. */
export const zeroCounters = () => ({
  passes: 0,
  /** Batches dispatched for the first time. */
  dispatched: 0,
  /** Bundles whose jobs were added to the queue. */
  enqueued: 0,
  /**
   * Number of times that settling changed the request for a cell: batches were merged into the cell's prefix, stopping
   * rules were checked, or the cell ended.
   */
  settled: 0,
  finished: 0,
  /** Batches whose lease ended without a report from the worker. */
  vanished: 0,
  /** Batches whose job the queue has lost. */
  lost: 0,
  interrupted: 0,
  /** Errors that did not end the coordinator. */
  troubles: 0,
  terms: 0,
})

export type Counters = ReturnType<typeof zeroCounters>
