import { type Database, expectedInQueue, markInterrupted, reclaim, requeue } from '@driftfarm/database'
import type { QueuePort } from './queuePort.ts'

export interface Reconciled {
  /** Leases that ended without a word. */
  readonly vanished: number
  /** Jobs that the queue has lost. */
  readonly lost: number
  readonly interrupted: number
}

/**
 * Compares ledger and queue: what is handed out and not done must be with a living worker or in the queue. Otherwise it
 * gets a new job. A queue that lost everything costs this look, never a trial.
 */
export async function reconcile(
  database: Database,
  queue: QueuePort,
  epoch: number,
  lostAfterMs: number,
): Promise<Reconciled> {
  const interrupted = await markInterrupted(database)
  const vanished = await reclaim(database, epoch)
  const expected = await expectedInQueue(database, lostAfterMs)
  if (expected.length === 0) return { vanished, lost: 0, interrupted }
  const { waiting, active } = await queue.keys()
  const there = new Set([...waiting, ...active].map(keyOf))
  const missing = expected.filter((batch) => !there.has(keyOf(batch)))
  const lost = missing.length === 0 ? 0 : await requeue(database, epoch, missing)
  return { vanished, lost, interrupted }
}

const keyOf = ({ cell, first, generation }: { cell: string; first: number; generation: number }): string =>
  `${cell} ${first} ${generation}`
