import type { CoordinatorOptions } from '@driftfarm/coordinator'
import type { QueueFactoryOptions } from '@driftfarm/queue'
import type { WorkerOptions } from '@driftfarm/worker'

/** How long it is waited for what does not answer or may yet come. Each part has its defaults; tests wait less. */
export interface Waits {
  /** For `db migrate`, before a database without the tables is refused; 10 s by default. */
  readonly migratedMs?: number
  readonly coordinator?: Pick<CoordinatorOptions, 'reconcileMs' | 'limits'>
  readonly worker?: Pick<WorkerOptions, 'limits'>
  readonly queue?: Pick<QueueFactoryOptions, 'limits'>
}
