import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { compile, prepare } from '@driftfarm/kernel'
import { doubleWell } from './cells.ts'
import { interleaved, printTable } from './measure.ts'

const trials = 40_000

/**
 * Steps a second of one thread, and of a thread for each processor at once, on the clock. Other work on the machine
 * shows here: it must be idle.
 */
export async function benchThreads(): Promise<void> {
  const prepared = prepare(doubleWell(1000))
  const module = new WebAssembly.Module((await compile(prepared.source)) as BufferSource)
  // A thread reads sources only after it has been told how.
  const source = new URL('thread.ts', import.meta.url).href
  const entry = `require('tsx/esm/api').register(); import(${JSON.stringify(source)})`
  const options = { eval: true, workerData: { prepared, module } }
  const workers = Array.from({ length: availableParallelism() }, () => new Worker(entry, options))
  const run = (worker: Worker, first: number) =>
    new Promise<number>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.postMessage({ first, trials })
    })
  const together = (count: number) => ({
    name: String(count),
    time: async (round: number) => {
      const begin = performance.now()
      const steps = await Promise.all(workers.slice(0, count).map((w, i) => run(w, (round * count + i) * trials)))
      return ((performance.now() - begin) * 1e6) / steps.reduce((sum, one) => sum + one, 0)
    },
  })
  try {
    await together(workers.length).time(0)
    const measured = await interleaved([...new Set([1, workers.length])].map(together), 9)
    const alone = measured[0]!.median
    printTable(
      'Threads, double well, 1,000 steps',
      ['threads', 'steps a second', 'of one thread times threads'],
      measured.map(({ name, median }) => [
        name,
        `${(1e3 / median).toFixed(0)} M`,
        (alone / median / Number(name)).toFixed(2),
      ]),
    )
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}
