import {
  type Database,
  type HandOut,
  handOut,
  markQueued,
  type OpenCell,
  openCells,
  unqueued,
} from '@driftfarm/database'
import { goalOf, planBatches } from './planBatches.ts'
import type { QueuePort } from './queuePort.ts'
import { type Claimant, shareWindow } from './window.ts'

export interface Feeding {
  readonly database: Database
  readonly queue: QueuePort
  readonly epoch: number
  readonly kernel: number
  /** Number of threads in the farm. */
  readonly threads: number
  /** How many batches may be out at once. */
  readonly window: number
  readonly batch: number | null
}

/**
 * Hands out new batches as far as the window allows: first each sweep gets its share, then the rest goes to sweeps that
 * have more to do.
 */
export async function handOutBatches(feeding: Feeding, sweeps: readonly Claimant[], out: number): Promise<number> {
  const shares = shareWindow(feeding.window, sweeps)
  const given = new Map<string, number>()
  let room = feeding.window - out
  let total = 0
  for (const round of ['share', 'rest', 'ahead'] as const) {
    // Beyond its next check point a cell is fed only for threads that would otherwise be idle.
    if (round === 'ahead' && out + total >= feeding.threads) break
    for (const sweep of sweeps) {
      if (room <= 0) return total
      const had = given.get(sweep.id) ?? 0
      const share = (shares.get(sweep.id) ?? 0) - had
      const least = had === 0 && sweep.out === 0 ? 1 : 0
      const wanted = round === 'share' ? Math.max(share, least) : room
      const most = round === 'ahead' ? feeding.threads - out - total : Math.min(wanted, room)
      if (most <= 0) continue
      const number = await feedSweep(feeding, sweep, most, round === 'ahead')
      given.set(sweep.id, had + number)
      room -= number
      total += number
    }
  }
  return total
}

async function feedSweep(feeding: Feeding, sweep: Claimant, room: number, ahead: boolean): Promise<number> {
  const { database, epoch, kernel } = feeding
  // Cells at the front may already have batches out; reading this many more cells is enough to find some that have not.
  const front = sweep.out + room + feeding.window
  const plan = planSweep(await openCells(database, sweep.id, { front, kernel, ahead }), feeding, room, ahead)
  return plan.length === 0 ? 0 : handOut(database, epoch, sweep.id, plan)
}

/** Plans which batches of which cells come next, at most `room` of them. A pure function. */
export function planSweep(
  cells: readonly OpenCell[],
  { threads, batch }: Pick<Feeding, 'threads' | 'batch'>,
  room: number,
  ahead: boolean,
): HandOut[] {
  const goals = cells.map((cell) => goalOf(cell, ahead))
  const remaining = cells.reduce((sum, { next }, place) => sum + Math.max(0, goals[place]! - next), 0)
  const plan: HandOut[] = []
  const seen = new Set<string>()
  let left = room
  cells.forEach((cell, place) => {
    // Two indices of a sweep may be the same cell.
    if (left <= 0 || seen.has(cell.cell) || goals[place]! <= cell.next) return
    seen.add(cell.cell)
    const counts = planBatches(cell, goals[place]!, left, { threads, remaining, batch })
    if (counts.length === 0) return
    plan.push({ cell: cell.cell, from: cell.next, counts })
    left -= counts.length
  })
  return plan
}

/** Jobs added in one call. BullMQ's addBulk is not atomic on Redis, so an interruption affects at most this many. */
const slice = 1_000

/**
 * Adds a job for each batch that has none. If the queue fails, the same jobs are added again later, which is harmless.
 */
export async function enqueue({ database, queue, epoch, kernel }: Feeding): Promise<number> {
  let added = 0
  for (;;) {
    const jobs = await unqueued(database, kernel, slice)
    if (jobs.length === 0) return added
    await queue.add(jobs)
    await markQueued(database, epoch, jobs)
    added += jobs.length
    if (jobs.length < slice) return added
  }
}
