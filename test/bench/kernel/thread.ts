import { parentPort, workerData } from 'node:worker_threads'
import { Kernel, type PreparedCell } from '@driftfarm/kernel'

// A thread of `benchThreads`: runs the trials it is asked for and says how many steps they took.
const { prepared, module } = workerData as { prepared: PreparedCell; module: WebAssembly.Module }
const kernel = Kernel.create(module, prepared)
parentPort!.on('message', ({ first, trials }: { first: number; trials: number }) => {
  parentPort!.postMessage(Number(kernel.run(first, trials, { keep: false, horizons: [] }).tally.steps))
})
