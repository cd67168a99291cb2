import { availableParallelism } from 'node:os'
import { Pool, type PoolOptions } from '@driftfarm/worker'
import { bundledEntry } from './entry.ts'
import { cacheFolder } from './modules.ts'

interface ThreadOptions extends Omit<PoolOptions, 'threads' | 'cacheFolder' | 'threadFile'> {
  readonly threads?: number | undefined
}

export const threadsOf = ({ threads }: ThreadOptions): number => threads ?? availableParallelism()

/** Starts the threads of a worker. They load their code while the caller opens the database. */
export function startThreads(home: string, options: ThreadOptions): Pool {
  const threadFile = bundledEntry('thread') ?? undefined
  return new Pool({ ...options, threads: threadsOf(options), cacheFolder: cacheFolder(home), threadFile })
}
