import type { Meanings } from '@driftfarm/formula'
import type { WorkerError } from './error.ts'

export const workerMeanings = {
  WORKER_STATE: { means: 'The worker was started twice, or after it had stopped.' },
  WORKER_WEDGED: {
    means: 'Jobs are waiting in the queue, but this worker receives none, even after it has reconnected.',
  },
} satisfies Meanings<typeof WorkerError>
