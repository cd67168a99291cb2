import { Worker } from 'node:worker_threads'
import { bundledEntry } from '@driftfarm/farm'

/**
 * In the bundled program, the thread runs its own entry file. When run from source code, the thread first registers
 * tsx, which can then load the TypeScript file `source`.
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
