import { Worker } from 'node:worker_threads'
import { bundledEntry, sourceArguments } from '@driftfarm/farm'

/** A thread that runs its own entry file in the bundled program, and otherwise the TypeScript file `source`. */
export function threadOf(name: Parameters<typeof bundledEntry>[0], source: URL, workerData?: unknown): Worker {
  const bundled = bundledEntry(name)
  return new Worker(bundled ?? source, { workerData, ...(bundled === null && { execArgv: sourceArguments() }) })
}
