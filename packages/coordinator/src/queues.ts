import type { FarmSnapshot, UnqueuedBundle } from '@driftfarm/database'
import type { Producer } from '@driftfarm/queue'

/** Number of worker threads of each kernel version. */
type Kernels = FarmSnapshot['kernels']

/**
 * The queues of a farm whose workers have several kernel versions, as during an update. The workers of each version
 * listen to a queue of their own. A worker computes cells of its own version and of earlier versions.
 */
export class Queues {
  #kernels: Kernels = []

  constructor(
    /** Version of the leading coordinator, which dispatches no cells of newer versions. */
    private readonly own: number,
    private readonly queueOf: (kernel: number) => QueuePort,
  ) {}

  setKernels(kernels: Kernels): void {
    this.#kernels = kernels
  }

  /**
   * Adds each job to a queue whose workers can compute it. If there are several such queues, the jobs are divided among
   * them in proportion to the numbers of their worker threads.
   */
  async add(bundles: readonly UnqueuedBundle[]): Promise<void> {
    const kernels = bundles.map((bundle) => this.#queueFor(bundle))
    for (const kernel of new Set(kernels))
      await this.queueOf(kernel).add(bundles.filter((_, place) => kernels[place] === kernel))
  }

  /** The jobs in all queues that have workers, and in the queue of the leading coordinator's version. */
  async keys(): ReturnType<QueuePort['keys']> {
    const kernels = new Set([this.own, ...this.#kernels.map(({ kernel }) => kernel)])
    const all = await Promise.all([...kernels].map((kernel) => this.queueOf(kernel).keys()))
    return { waiting: all.flatMap(({ waiting }) => waiting), active: all.flatMap(({ active }) => active) }
  }

  #queueFor({ bundle, kernel: least }: UnqueuedBundle): number {
    const able = this.#kernels.filter(({ kernel, threads }) => kernel >= least && kernel <= this.own && threads > 0)
    const threads = able.reduce((sum, { threads }) => sum + threads, 0)
    // Bundles are numbered consecutively, so `bundle % threads` spreads them evenly over the threads of all these
    // versions.
    let place = threads === 0 ? 0 : bundle % threads
    for (const each of able) {
      if (place < each.threads) return each.kernel
      place -= each.threads
    }
    return this.own
  }
}

/** The part of the queue that a coordinator uses. The queue only announces work; the ledger is authoritative. */
export type QueuePort = Pick<Producer, 'add' | 'keys' | 'server'>
