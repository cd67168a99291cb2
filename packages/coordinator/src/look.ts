import { type Database, finishSweep, type LiveSweep, type Pulse, settleDemands, spendBudget } from '@driftfarm/database'
import type { Counters } from './counters.ts'
import { defaults } from './defaults.ts'
import { enqueue, type Feeding, handOutBatches } from './feed.ts'
import { settleDemand } from './settle.ts'
import { settleContrasts } from './settleContrasts.ts'
import { spendRound } from './spend.ts'

/** What a leader remembers from look to look; losing it costs a few queries. */
export interface Memory {
  /** Sweeps by the version that was last asked whether it is at its end. */
  readonly asked: Map<string, string>
  /** When the intervals of a sweep were last made anew. */
  readonly estimatedMs: Map<string, number>
}

export const freshMemory = (): Memory => ({ asked: new Map(), estimatedMs: new Map() })

/**
 * One look of the leader: settle what is done, end what is at its end, hand out what comes next, fill the queue.
 * Returns whether another look is due at once.
 */
export async function look(
  feeding: Feeding,
  pulse: Pulse,
  memory: Memory,
  counters: Counters,
  nowMs: number,
): Promise<boolean> {
  const { database, epoch, window } = feeding
  let again = false
  for (const sweep of pulse.sweeps) {
    const settled = await settle(database, epoch, sweep, window, memory, nowMs)
    counters.settled += settled.changes
    again ||= settled.more
    if (settled.changes === 0 && memory.asked.get(sweep.id) === sweep.version) continue
    memory.asked.delete(sweep.id)
    if (sweep.budgeted && (await spendBudget(database, epoch, sweep.id, spendRound)) > 0) again = true
    if (await settleContrasts(database, epoch, sweep.id)) {
      again = true
      continue
    }
    if ((await finishSweep(database, epoch, sweep.id)) !== null) counters.finished++
    memory.asked.set(sweep.id, sweep.version)
  }
  forgetAllBut(pulse.sweeps, memory)
  const handedOut = await handOutBatches(feeding, pulse.sweeps, pulse.out)
  counters.handedOut += handedOut
  counters.enqueued += await enqueue(feeding)
  return again || handedOut > 0
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

function forgetAllBut(sweeps: readonly LiveSweep[], { asked, estimatedMs }: Memory): void {
  const live = new Set(sweeps.map(({ id }) => id))
  for (const id of asked.keys()) if (!live.has(id)) asked.delete(id)
  for (const id of estimatedMs.keys()) if (!live.has(id)) estimatedMs.delete(id)
}
