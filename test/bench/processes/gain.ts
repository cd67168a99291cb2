import { execFile } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { quantile } from '../../chaos/row.ts'
import { printTable } from '../kernel/measure.ts'
import { BenchFarm, benchSpec } from './farm.ts'

const bare = fileURLToPath(new URL('../farm/bare.ts', import.meta.url))
const seconds = 40
const rounds = 3

/**
 * What a second worker gains: trials a second of one worker process of one thread and of two, on real Redis and
 * PostgreSQL of the same machine, against what a second process of bare kernels gains there. And what database and
 * coordinator cost beside the workers.
 */
export async function benchGain(): Promise<void> {
  const measured: { bareOne: number; bareTwo: number; one: FarmRate; two: FarmRate }[] = []
  for (let round = 0; round < rounds; round++)
    measured.push({
      bareOne: await bareRate(1),
      one: await farmRate(1),
      two: await farmRate(2),
      bareTwo: await bareRate(2),
    })
  const gains = measured.map(({ one, two }) => two.rate / one.rate)
  const bareGains = measured.map(({ bareOne, bareTwo }) => bareTwo / bareOne)
  const both = measured.map(({ two }) => two.costs.PostgreSQL + two.costs.Redis)
  const median = (values: readonly number[]): string =>
    quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    ).toFixed(3)
  const part = gains.map((gain, round) => gain / bareGains[round]!)
  const list = (values: readonly number[]): string => values.map((value) => value.toFixed(3)).join(', ')
  printTable(
    `One and two workers of one thread each, ${rounds} rounds of ${seconds} s`,
    ['', 'median', 'rounds', 'goal'],
    [
      ['factor of trials per second by a second worker', median(gains), list(gains), ''],
      ['factor by a second process of bare kernels', median(bareGains), list(bareGains), ''],
      ['ratio of these factors', median(part), list(part), '>= 0.95'],
      ...(['one', 'two'] as const).flatMap((workers) =>
        parts.map((part) => {
          const costs = measured.map((round) => round[workers].costs[part])
          return [`${part}, share of the processor time of ${workers}`, median(costs), list(costs), '']
        }),
      ),
      ['PostgreSQL and Redis, share of the processor time of two', median(both), list(both), '<= 0.02'],
    ],
  )
}

/** Trials a second of so many processes of bare kernels at once. */
async function bareRate(processes: number): Promise<number> {
  const spec = JSON.stringify(benchSpec({ trials: 1 }))
  const runs = Array.from({ length: processes }, () =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', bare, spec, '200000']),
  )
  return (await Promise.all(runs)).reduce((sum, { stdout }) => sum + 1 / Number(stdout), 0)
}

const parts = ['PostgreSQL', 'Redis', 'coordinator'] as const

interface FarmRate {
  readonly rate: number
  /** Processor time of what is beside the workers, as part of theirs. */
  readonly costs: Readonly<Record<(typeof parts)[number], number>>
}

/**
 * Trials a second from commit to commit of each worker, so that batches under way at either end do not count; and what
 * is beside the workers.
 */
async function farmRate(workers: number): Promise<FarmRate> {
  const farm = await BenchFarm.start()
  try {
    for (let started = 0; started < workers; started++) await farm.worker(1)
    await farm.submit(benchSpec({ trials: 1_000_000_000_000 }))
    await delay(15_000) // until the size of batches has settled
    const committed = `select id as worker, trials from farm.worker where kind = 'worker'`
    const looks: { ms: number; worker: string; trials: number }[] = []
    const before = farm.used
    const end = performance.now() + 1_000 * seconds
    for (; performance.now() < end; await delay(250)) {
      const rows = await farm.rows<(typeof looks)[number]>(committed)
      for (const row of rows) {
        const last = looks.findLast(({ worker }) => worker === row.worker)
        if (last?.trials !== row.trials) looks.push({ ...row, ms: performance.now() })
      }
    }
    const after = farm.used
    let rate = 0
    for (const name of new Set(looks.map(({ worker }) => worker))) {
      // The first is what was there at the first look, not a commit.
      const own = looks.filter(({ worker }) => worker === name).slice(1)
      const [first, last] = [own[0]!, own.at(-1)!]
      rate += (1_000 * (last.trials - first.trials)) / (last.ms - first.ms)
    }
    const spent = (of: keyof typeof after): number => after[of] - before[of]
    const costs = {
      PostgreSQL: spent('server') / spent('workers'),
      Redis: spent('queue') / spent('workers'),
      coordinator: spent('coordinator') / spent('workers'),
    }
    return { rate, costs }
  } finally {
    await farm.close()
  }
}
