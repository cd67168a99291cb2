import {
  type Database,
  finishSweep,
  giveUpSweep,
  isRetryable,
  LedgerError,
  type LiveSweep,
  type Pulse,
  settleDemands,
  spendBudget,
} from '@driftfarm/database'
import type { Counters } from './counters.ts'
import { defaults } from './defaults.ts'
import { enqueue, type Feeding, handOutBatches } from './feed.ts'
import { settleDemand } from './settle.ts'
import { settleContrasts } from './settleContrasts.ts'
import { spendRound } from './spend.ts'

/** What a leader remembers between looks. Losing it costs a few queries. */
export interface Memory {
  /** For each sweep, the version for which it was last checked whether the sweep has ended. */
  readonly asked: Map<string, string>
  /** For each sweep, when its intervals were last computed for watchers. */
  readonly estimatedMs: Map<string, number>
  /** For each sweep, the number of consecutive looks at which it threw. */
  readonly thrown: Map<string, number>
}

export const freshMemory = (): Memory => ({ asked: new Map(), estimatedMs: new Map(), thrown: new Map() })

/** What a look needs, beyond what feeding needs. */
export interface Looking {
  readonly memory: Memory
  readonly counters: Counters
  readonly nowMs: number
  /** Called with what one sweep threw; the other sweeps go on. */
  readonly onTrouble: (error: Error) => void
}

/**
 * One look of the leader: settles what is done, ends sweeps that are complete, hands out the next batches, and fills
 * the queue. Returns whether another look is due at once.
 */
export async function look(feeding: Feeding, pulse: Pulse, looking: Looking): Promise<boolean> {
  const { memory, counters, onTrouble } = looking
  const { database, epoch } = feeding
  let again = false
  for (const sweep of pulse.sweeps) {
    try {
      if (await attend(feeding, sweep, looking)) again = true
      memory.thrown.delete(sweep.id)
    } catch (error) {
      if (!isOfTheSweep(error)) throw error
      again = true
      onTrouble(error)
      const times = (memory.thrown.get(sweep.id) ?? 0) + 1
      memory.thrown.set(sweep.id, times)
      if (times < defaults.tries) continue
      await giveUpSweep(database, epoch, sweep.id, `its trials cannot be summed up: ${error.message}`)
      counters.finished++
    }
  }
  forgetAllBut(pulse.sweeps, memory)
  const handedOut = await handOutBatches(feeding, pulse.sweeps, pulse.out)
  counters.handedOut += handedOut
  counters.enqueued += await enqueue(feeding)
  return again || handedOut > 0
}

/** Does what one sweep needs; returns whether it needs another look at once. */
async function attend({ database, epoch, window }: Feeding, sweep: LiveSweep, looking: Looking): Promise<boolean> {
  const { memory, counters, nowMs } = looking
  const { changes, more } = await settle(database, epoch, sweep, window, memory, nowMs)
  counters.settled += changes
  if (changes === 0 && memory.asked.get(sweep.id) === sweep.version) return more
  memory.asked.delete(sweep.id)
  const spent = sweep.budgeted && (await spendBudget(database, epoch, sweep.id, spendRound)) > 0
  if (await settleContrasts(database, epoch, sweep.id)) return true
  if ((await finishSweep(database, epoch, sweep.id)) !== null) counters.finished++
  memory.asked.set(sweep.id, sweep.version)
  return more || spent
}

/**
 * Whether an error comes from the content of a sweep, so that other sweeps must not wait for it. Errors of the ledger
 * (another coordinator leads by now) and of the database (it is unreachable or full) do not: the driver throws plain
 * errors, and errors of the server have a severity.
 */
function isOfTheSweep(error: unknown): error is Error {
  if (!(error instanceof Error) || error.constructor === Error || error instanceof LedgerError) return false
  return !isRetryable(error) && !('severity' in error)
}

async function settle(
  database: Database,
  epoch: number,
  sweep: LiveSweep,
  window: number,
  memory: Memory,
  nowMs: number,
): Promise<{ readonly changes: number; readonly more: boolean }> {
  const due = nowMs - (memory.estimatedMs.get(sweep.id) ?? Number.NEGATIVE_INFINITY) >= defaults.estimateMs
  let changes = 0
  let more = true
  for (let slices = 0; more && slices < defaults.settleSlices; slices++) {
    const settled = await settleDemands(database, epoch, sweep.id, sweep.out + 2 * window, (demand, ahead) =>
      settleDemand(demand, ahead, { estimate: due }),
    )
    changes += settled
    more = settled > 0
  }
  if (due && changes > 0) memory.estimatedMs.set(sweep.id, nowMs)
  return { changes, more }
}

function forgetAllBut(sweeps: readonly LiveSweep[], memory: Memory): void {
  const live = new Set(sweeps.map(({ id }) => id))
  for (const remembered of Object.values(memory) as readonly Map<string, unknown>[])
    for (const id of remembered.keys()) if (!live.has(id)) remembered.delete(id)
}
