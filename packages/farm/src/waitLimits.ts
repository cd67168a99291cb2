import type { CoordinatorOptions } from '@driftfarm/coordinator'
import type { QueueFactoryOptions } from '@driftfarm/queue'
import type { WorkerOptions } from '@driftfarm/worker'

/** Time limits for waiting. Each part of a farm has its own defaults; tests use shorter limits. */
export interface WaitLimits {
  /**
   * If the database does not have the tables of this version yet, the farm waits this long for someone to run
   * `db migrate`; 10 s by default.
   */
  readonly migratedMs?: number
  readonly coordinator?: Pick<CoordinatorOptions, 'reconcileMs' | 'limits'>
  readonly worker?: Pick<WorkerOptions, 'limits'>
  readonly queue?: Pick<QueueFactoryOptions, 'limits'>
}
