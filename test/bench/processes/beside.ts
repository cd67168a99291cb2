import { setTimeout as delay } from 'node:timers/promises'
import { quantile } from '../../chaos/row.ts'
import { printTable } from '../kernel/measure.ts'
import { BenchFarm, benchSpec } from './farm.ts'

/** 10^5 cells of ten trials: most of what they take is not computing. */
const manyCells = {
  name: 'many cells',
  trials: 10,
  record: 'all',
  trial: { steps: 100, escape: 'x >= 0' },
  sweep: {
    'update.eta': { from: 0.05, to: 0.2, count: 250, scale: 'linear' },
    'update.drift.sigma': { from: 0.2, to: 1.5, count: 400, scale: 'linear' },
  },
}

/**
 * How long a small sweep waits beside a giant one: 100 trials beside 10^9 on two threads, submitted one by one and 200
 * at once, and beside 10^5 cells while they are computed. Goals: its first result within 5 s; beside cells all of it
 * within 3 s.
 */
export async function benchBeside(): Promise<void> {
  await besideLarge(
    benchSpec({ name: 'giant', trials: 1_000_000_000 }),
    'beside 10^9, on two threads',
    async (farm) => {
      await delay(20_000)
      const alone = await oneByOne(farm, 20)
      const seeds = Array.from({ length: 200 }, (_, place) => 100 + place)
      return { 'twenty, one by one': alone, '200 at once': await waited(farm, seeds) }
    },
  )
  await besideLarge(benchSpec(manyCells), 'beside 10^5 cells of 10 trials, on two threads', async (farm) => {
    await delay(4_000)
    return { 'six, one by one': await oneByOne(farm, 6) }
  })
}

async function besideLarge(
  spec: object,
  title: string,
  measure: (farm: BenchFarm) => Promise<Readonly<Record<string, readonly Times[]>>>,
): Promise<void> {
  const farm = await BenchFarm.start()
  try {
    await farm.worker(2)
    const large = await farm.submit(spec)
    const found = await measure(farm)
    const [{ state } = { state: '' }] = await farm.rows<{ state: string }>(
      'select state from farm.sweep where id = $1',
      [large],
    )
    if (state !== 'running') throw new Error(`the large sweep is ${state} already`)
    printTable(
      `100 trials ${title}: seconds from submission`,
      [
        '',
        'first result, median',
        'first result, p95',
        'first result, longest',
        'completion, median',
        'completion, longest',
      ],
      Object.entries(found).map(([name, times]) => [name, ...figures(times)]),
    )
  } finally {
    await farm.close()
  }
}

async function oneByOne(farm: BenchFarm, count: number): Promise<Times[]> {
  const times: Times[] = []
  for (let seed = 1; seed <= count; seed++) {
    times.push(...(await waited(farm, [seed])))
    await delay(500)
  }
  return times
}

interface Times {
  readonly firstS: number
  readonly completeS: number
}

function figures(times: readonly Times[]): string[] {
  const firsts = times.map(({ firstS }) => firstS).toSorted((a, b) => a - b)
  const completes = times.map(({ completeS }) => completeS).toSorted((a, b) => a - b)
  return [
    ...[0.5, 0.95, 1].map((part) => quantile(firsts, part).toFixed(2)),
    ...[0.5, 1].map((part) => quantile(completes, part).toFixed(2)),
  ]
}

/** Submits a sweep of each seed, and waits until all are complete. */
async function waited(farm: BenchFarm, seeds: readonly number[]): Promise<Times[]> {
  const began = new Map<string, number>()
  await Promise.all(
    seeds.map(async (seed) => {
      const spec = benchSpec({ name: `small-${seed}`, seed: 1_000 + seed, trials: 100 })
      const at = performance.now()
      began.set(await farm.submit(spec), at)
    }),
  )
  const first = new Map<string, number>()
  const complete = new Map<string, number>()
  for (; complete.size < seeds.length; await delay(20)) {
    const rows = await farm.rows<{ id: string; state: string; has: boolean }>(
      `select s.id, s.state, exists (select from farm.request d join farm.batch b on b.cell_id = d.cell_id
                                      where d.sweep_id = s.id) as has
         from farm.sweep s where s.id = any($1)`,
      [[...began.keys()]],
    )
    for (const { id, state, has } of rows) {
      if (has && !first.has(id)) first.set(id, performance.now())
      if (state === 'complete' && !complete.has(id)) complete.set(id, performance.now())
    }
  }
  return [...began].map(([id, at]) => ({
    firstS: (first.get(id)! - at) / 1_000,
    completeS: (complete.get(id)! - at) / 1_000,
  }))
}
