import type { Meanings } from '@driftfarm/formula'
import type { WorkerError } from './error.ts'

/** What the codes of a worker mean to whoever runs one. */
export const workerMeanings = {
  WORKER_STATE: { means: 'A worker was started twice, or after it had stopped.' },
  WORKER_WEDGED: { means: 'Jobs wait in the queue, and this worker gets none, though it has connected anew.' },
} satisfies Meanings<typeof WorkerError>
