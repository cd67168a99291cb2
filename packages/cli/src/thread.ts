import { Worker } from 'node:worker_threads'
import { bundledEntry } from '@driftfarm/farm'

/**
 * A thread of the command. In the bundle it starts with its own entry file. When run from source code, it starts with
 * the file `source`. tsx loads this file, so it must be registered in the thread.
 */
export function threadOf(name: Parameters<typeof bundledEntry>[0], source: URL, workerData?: unknown): Worker {
  const bundled = bundledEntry(name)
  if (bundled !== null) return new Worker(bundled, { workerData })
  const tsx = import.meta.resolve('tsx/esm/api')
  const code =
    `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return ` +
    `import(${JSON.stringify(source.href)}) })`
  return new Worker(code, { eval: true, workerData, execArgv: [] })
}
