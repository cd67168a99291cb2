import type { CoordinatorOptions } from '@driftfarm/coordinator'
import type { QueueFactoryOptions } from '@driftfarm/queue'
import type { WorkerOptions } from '@driftfarm/worker'

/** Time limits for waiting. Each part of a farm has its own defaults; tests use shorter limits. */
export interface WaitLimits {
  /** Time to wait for `db migrate` before a database without the tables is refused; 10 s by default. */
  readonly migratedMs?: number
  readonly coordinator?: Pick<CoordinatorOptions, 'reconcileMs' | 'limits'>
  readonly worker?: Pick<WorkerOptions, 'limits'>
  readonly queue?: Pick<QueueFactoryOptions, 'limits'>
}
