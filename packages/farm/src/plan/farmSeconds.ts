import { availableParallelism } from 'node:os'
import { type Database, farmLoad } from '@driftfarm/database'
import type { PlanData, Recommended } from '@driftfarm/report'
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
  const total = (seconds: readonly (number | null)[]): number | null => {
    const all = totalOf(seconds, cells)
    return all && all / load.threads
  }
  const direct = total(recommended.map(({ seconds }) => seconds.direct))
  if (direct === null) return times
  // Cells in which many trials escape have no estimate for splitting: it would be slower there.
  const splitting = total(
    recommended.map(({ method, seconds }) => seconds.splitting ?? (method === 'direct' ? seconds.direct : null)),
  )
  const isSplit = recommended.some(({ seconds }) => seconds.splitting !== null)
  return { ...times, precise: { direct, splitting: isSplit ? splitting : null } }
}

/** Below this time, times do not differ for a reader. It replaces 0, which has no logarithm. */
const least = 1e-9

/**
 * The time of all cells, from those of the first and the last. It is assumed to change by the same factor from each
 * cell to the next, since probabilities of escape often change exponentially.
 */
function totalOf(seconds: readonly (number | null)[], cells: number): number | null {
  if (seconds.includes(null)) return null
  const [first = 0, last = first] = seconds.map((each) => Math.max(each!, least))
  const factor = (last / first) ** (1 / Math.max(1, cells - 1))
  return Math.abs(factor - 1) < 1e-9 ? cells * first : (last * factor - first) / (factor - 1)
}
