import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { interleaved, printTable } from './measure.ts'

const trials = 40_000

/**
 * Steps a second of one kernel, and of a kernel for each processor at once, each in a process of its own; on the clock.
 * Other work on the machine shows here: it must be idle.
 */
export async function benchThreads(): Promise<void> {
  const file = fileURLToPath(new URL('process.ts', import.meta.url))
  const runners = Array.from({ length: availableParallelism() }, () => fork(file, { execArgv: ['--import', 'tsx'] }))
  const together = (count: number) => ({
    name: String(count),
    time: async (round: number) => {
      const begin = performance.now()
      const steps = await Promise.all(runners.slice(0, count).map((one, i) => run(one, (round * count + i) * trials)))
      return ((performance.now() - begin) * 1e6) / steps.reduce((sum, own) => sum + own, 0)
    },
  })
  try {
    await Promise.all(runners.map((one) => once(one, 'message')))
    await together(runners.length).time(0)
    const measured = await interleaved([...new Set([1, runners.length])].map(together), 9)
    const alone = measured[0]!.median
    printTable(
      'Kernels at once, double well, 1,000 steps',
      ['kernels', 'million steps per second', 'share of the speed of one kernel times kernels'],
      measured.map(({ name, median }) => [name, (1e3 / median).toFixed(0), (alone / median / Number(name)).toFixed(2)]),
    )
  } finally {
    for (const one of runners) one.kill()
  }
}

async function run(one: ChildProcess, first: number): Promise<number> {
  const answer = once(one, 'message')
  one.send({ first, trials })
  return (await answer)[0] as number
}
