import { availableParallelism } from 'node:os'
import { type Database, farmLoad } from '@driftfarm/database'
import { type PlanData, quickSeconds, type Recommended } from '@driftfarm/report'
import type { Sweep } from '@driftfarm/spec'

type FarmSeconds = NonNullable<PlanData['seconds']>
type Load = Pick<FarmSeconds, 'threads' | 'of' | 'sweeps'>

/** The threads that would compute a sweep: those of all workers or, if no worker is running, of this machine. */
export async function loadOf(database: Database | null, sweep: Pick<Sweep, 'id'>): Promise<Load> {
  const { threads, sweeps } = database === null ? { threads: 0, sweeps: 0 } : await farmLoad(database, sweep.id())
  return threads > 0 ? { threads, of: 'workers', sweeps } : { threads: availableParallelism(), of: 'machine', sweeps }
}

interface Work extends Load {
  readonly cpuSeconds: number
  /** Seconds of the longest work that cannot be divided among threads: a trial, after the training that it needs. */
  readonly longest: number
  readonly cells: number
  /** For the first and the last cell. */
  readonly recommended: readonly Recommended[]
}

/** The times of a sweep on the threads of a farm. */
export function farmSeconds({ cpuSeconds, longest, cells, recommended, ...load }: Work): FarmSeconds {
  const times = { ...load, elapsed: Math.max(cpuSeconds / load.threads, longest) }
  if (recommended.length < Math.min(2, cells)) return times
  const total = (seconds: readonly (number | null)[]) => {
    const each = timesOfCells(seconds, cells)
    return each && each.reduce((sum, time) => sum + time, 0) / load.threads
  }
  const ofDirect = recommended.map(({ seconds }) => seconds.direct)
  const direct = total(ofDirect)
  if (direct === null) return times
  // Cells in which many trials escape have no estimate for splitting: it would be slower there.
  const splitting = total(
    recommended.map(({ method, seconds }) => seconds.splitting ?? (method === 'direct' ? seconds.direct : null)),
  )
  const isSplit = recommended.some(({ seconds }) => seconds.splitting !== null)
  const quick = timesOfCells(ofDirect, cells)!.filter((time) => time <= quickSeconds * load.threads).length
  return { ...times, precise: { direct, splitting: isSplit ? splitting : null, quick } }
}

/** Below this time, times do not differ for a reader. It replaces 0, which has no logarithm. */
const least = 1e-9

/**
 * The time of each cell, from those of the first and the last. It is assumed to change by the same factor from each
 * cell to the next, since probabilities of escape often change exponentially.
 */
function timesOfCells(seconds: readonly (number | null)[], cells: number): readonly number[] | null {
  if (seconds.includes(null)) return null
  const [first = 0, last = first] = seconds.map((each) => Math.max(each!, least))
  return Array.from({ length: cells }, (_, at) => first * (last / first) ** (at / Math.max(1, cells - 1)))
}
