import {
  type Database,
  finishSweep,
  giveUpSweep,
  isRetryable,
  LedgerError,
  type LiveSweep,
  type OpenDemand,
  type Pulse,
  type Settle,
  type SettledPlace,
  searchThreshold,
  settleNews,
  settlePlaces,
  spendBudget,
  unpark,
} from '@driftfarm/database'
import type { Counters } from './counters.ts'
import { defaults } from './defaults.ts'
import { bundleLoose, type Fed, type Feeding, handOutBatches } from './feed.ts'
import type { Memory, SweepMemory } from './memory.ts'
import { searchRound } from './search.ts'
import { settleDemand } from './settle.ts'
import { settleContrasts } from './settleContrasts.ts'
import { spendRound } from './spend.ts'

/** Options of a scheduling pass, in addition to those for dispatching. */
export interface Looking {
  readonly memory: Memory
  readonly counters: Counters
  readonly nowMs: number
  /** If nothing of a sweep is dispatched for this long although cells are open, it is started afresh. */
  readonly overlookedMs: number
  /** Called with an error of one sweep. The other sweeps continue. */
  readonly onTrouble: (error: Error) => void
}

/**
 * One scheduling pass of the leading coordinator. It dispatches the next batches and fills the queue, settles committed
 * batches, and ends complete sweeps. Returns whether another pass is due at once.
 */
export async function look(
  feeding: Omit<Feeding, 'settleAt'>,
  pulse: Pulse,
  { memory, counters, nowMs, overlookedMs, onTrouble }: Looking,
): Promise<boolean> {
  const { database, epoch } = feeding
  const fed: Fed[] = []
  const begun: string[] = []
  for (const sweep of pulse.sweeps) {
    const { memory: own, isNew } = memory.of(sweep)
    const isOverlooked = own.noteIdle(sweep, pulse.news || pulse.loose, nowMs, overlookedMs)
    if (isOverlooked) own.beginAnew()
    if (isNew || isOverlooked) begun.push(sweep.id)
    fed.push({ sweep, memory: own })
  }
  await begin(database, epoch, begun, memory)
  memory.forgetAllBut(pulse.sweeps)
  const thrown = new Map<string, Error>()
  const settle = settler(memory, thrown, nowMs)
  const note = (changes: readonly SettledPlace[]): void => {
    counters.settled += changes.length
    for (const { sweep, index, raised } of changes) {
      const own = memory.get(sweep)
      if (own === undefined) continue
      own.stirred = true
      // Requests from the cursor onwards will be read anyway.
      if (raised && index < own.cursor) own.raised.add(index)
    }
  }

  const settleAt: Feeding['settleAt'] = async (sweep, _, places) => {
    const { changes } = await settlePlaces(database, epoch, sweep.id, places, settle)
    note(changes)
    return changes.length > 0
  }
  // Batches that were dispatched before come before new ones.
  const loose = pulse.loose ? await bundleLoose({ ...feeding, settleAt }, fed) : null
  let again = loose !== null && loose.batches > 0
  // Dispatch to waiting threads first: committed batches can wait to be settled. If more bundles are dispatched than
  // there are threads, one round of dispatching after settling is enough.
  const isFed = pulse.out > feeding.threads
  const settling = () => settleSome(database, epoch, settle, memory, note)
  const attending = async (): Promise<void> => {
    for (const { sweep, memory: own } of fed) {
      try {
        if (await attend(feeding, sweep, own, counters)) again = true
      } catch (error) {
        if (!isOfTheSweep(error)) throw error
        thrown.set(sweep.id, error)
      }
    }
  }
  if (pulse.news && isFed) {
    if (await settling()) again = true
    // Users of a small sweep need not wait while a large one is dispatched.
    await attending()
  }
  const longRoom = feeding.longRoom - (loose?.long ?? 0)
  const out = pulse.out + (loose?.bundles ?? 0)
  const { batches, enqueued } = await handOutBatches({ ...feeding, longRoom, settleAt }, fed, out)
  counters.handedOut += batches
  counters.enqueued += enqueued
  if (pulse.news && !isFed) {
    await settling()
    again = true
  }
  const raised = raisedOf(fed)
  await attending()
  if (raisedOf(fed) > raised) again = true
  for (const { sweep, memory: own } of fed) {
    const error = thrown.get(sweep.id)
    if (error === undefined) {
      own.thrown = 0
      continue
    }
    again = true
    onTrouble(error)
    own.beginAnew()
    if (++own.thrown < defaults.tries) continue
    await giveUpSweep(database, epoch, sweep.id, `its trials cannot be merged: ${error.message}`)
    counters.finished++
  }
  return again
}

/** Number of requests for more trials that have not been dispatched. */
const raisedOf = (fed: readonly Fed[]): number => fed.reduce((sum, { memory }) => sum + memory.raised.size, 0)

/** Parked batches are released when their sweeps start or resume. If that fails, the sweeps count as not started. */
async function begin(database: Database, epoch: number, sweeps: readonly string[], memory: Memory): Promise<void> {
  if (sweeps.length === 0) return
  try {
    await unpark(database, epoch, sweeps)
  } catch (error) {
    memory.forget(sweeps)
    throw error
  }
}

/** Settles as many pending updates as one pass may. Returns whether there are more. */
async function settleSome(
  database: Database,
  epoch: number,
  settle: Settle,
  memory: Memory,
  note: (changes: readonly SettledPlace[]) => void,
): Promise<boolean> {
  for (let slices = 0; slices < defaults.settleSlices; slices++) {
    const { changes, costs, more } = await settleNews(database, epoch, settle)
    note(changes)
    for (const cost of costs) memory.get(cost.sweep)?.speed.learn(cost)
    if (!more) return false
  }
  return true
}

/**
 * Settles one request. An error is recorded for its sweep, and the request stays unchanged. Intervals of open cells are
 * computed only occasionally, for watchers.
 */
function settler(memory: Memory, thrown: Map<string, Error>, nowMs: number): Settle {
  const due = new Map<string, boolean>()
  const isDue = (sweep: string): boolean => {
    const known = due.get(sweep)
    if (known !== undefined) return known
    const own = memory.get(sweep)
    const is = own === undefined || nowMs - own.estimatedMs >= defaults.estimateMs
    if (is && own !== undefined) own.estimatedMs = nowMs
    due.set(sweep, is)
    return is
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

/**
 * Divides the budget of a sweep or advances its search, and ends a sweep without open cells. Returns whether another
 * pass is due at once.
 */
async function attend(
  { database, epoch }: Pick<Feeding, 'database' | 'epoch'>,
  sweep: LiveSweep,
  memory: SweepMemory,
  counters: Counters,
): Promise<boolean> {
  if (!memory.stirred) return false
  memory.stirred = false
  if (sweep.budgeted) {
    const { changes, raised } = await spendBudget(database, epoch, sweep.id, spendRound)
    await raise(database, epoch, sweep, memory, raised)
    if (changes > 0) memory.stirred = true
  }
  if (sweep.searching) {
    const { raised, ended } = await searchThreshold(database, epoch, sweep.id, searchRound)
    await raise(database, epoch, sweep, memory, raised)
    if (raised.length > 0) {
      memory.stirred = true
      return true
    }
    if (ended) memory.stirred = true
  }
  if (await settleContrasts(database, epoch, sweep.id)) {
    memory.stirred = true
    return true
  }
  if ((await finishSweep(database, epoch, sweep.id)) !== null) counters.finished++
  return memory.stirred
}

/** More trials of these cells are now requested. Some may have been dispatched for another sweep and parked since. */
async function raise(
  database: Database,
  epoch: number,
  sweep: LiveSweep,
  memory: SweepMemory,
  indices: readonly number[],
): Promise<void> {
  if (indices.length === 0) return
  for (const index of indices) if (index < memory.cursor) memory.raised.add(index)
  await unpark(database, epoch, [sweep.id])
}

/**
 * Whether an error comes from the content of a sweep, so that other sweeps must not wait for it. Errors of the ledger
 * (another coordinator leads now) and of the database (unreachable or full) do not. The driver throws plain errors, and
 * errors of the server have a severity.
 */
function isOfTheSweep(error: unknown): error is Error {
  if (!(error instanceof Error) || error.constructor === Error || error instanceof LedgerError) return false
  return !isRetryable(error) && !('severity' in error)
}
