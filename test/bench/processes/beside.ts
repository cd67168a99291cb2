import { setTimeout as delay } from 'node:timers/promises'
import { quantile } from '../../chaos/row.ts'
import { printTable } from '../kernel/measure.ts'
import { BenchFarm, benchSpec } from './farm.ts'

/**
 * How long a small sweep waits beside a giant one: 100 trials beside 10^9 on two threads, submitted one by one and 200
 * at once. Goal: its first result within 5 s.
 */
export async function benchBeside(): Promise<void> {
  const farm = await BenchFarm.start()
  try {
    await farm.worker(2)
    await farm.submit(benchSpec({ name: 'giant', trials: 1_000_000_000 }))
    await delay(20_000)
    const alone: Times[] = []
    for (let seed = 1; seed <= 20; seed++) {
      alone.push(...(await waited(farm, [seed])))
      await delay(500)
    }
    const together = await waited(
      farm,
      Array.from({ length: 200 }, (_, place) => 100 + place),
    )
    printTable(
      '100 trials beside 10^9, on two threads: seconds from submitting',
      ['', 'first result, median', 'p95', 'most', 'complete, median', 'most'],
      [
        ['20, one by one', ...figures(alone)],
        ['200 at once', ...figures(together)],
      ],
    )
  } finally {
    await farm.close()
  }
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
      `select s.id, s.state, exists (select from farm.demand d join farm.batch b on b.cell_id = d.cell_id
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
