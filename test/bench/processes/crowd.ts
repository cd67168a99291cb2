import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { invariants } from '@driftfarm/database'
import { printTable } from '../kernel/measure.ts'
import { BenchFarm, benchSpec } from './farm.ts'

/**
 * Many real worker processes behind a real PgBouncer: whether a sweep is done exactly, and how many connections to
 * PostgreSQL that takes. `--workers 60 --pool 40 --trials 3000000`.
 */
export async function benchCrowd(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      workers: { type: 'string', default: '60' },
      pool: { type: 'string', default: '40' },
      trials: { type: 'string', default: '3000000' },
    },
  })
  const workers = Number(values.workers)
  const farm = await BenchFarm.start({ pool: Number(values.pool) })
  try {
    // Some at once: each takes half a second of a processor to start.
    for (let started = 0; started < workers; started += 4)
      await Promise.all(Array.from({ length: Math.min(4, workers - started) }, () => farm.worker(1)))
    const began = performance.now()
    const id = await farm.submit(
      benchSpec({ trials: Number(values.trials), sweep: { 'update.drift.sigma': { from: 0.5, to: 1.5, count: 20 } } }),
    )
    let most = 0
    const look = `
      select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
             (select state from farm.sweep where id = $1) as state`
    for (let state = ''; state !== 'complete'; await delay(200)) {
      const [row] = await farm.rows<{ connections: number; state: string }>(look, [id])
      most = Math.max(most, row!.connections)
      state = row!.state
      if (!['planned', 'running', 'complete'].includes(state)) throw new Error(`the sweep is ${state}`)
    }
    const seconds = (performance.now() - began) / 1_000
    const [row] = await farm.rows<{ busy: number; batches: number; limit: string }>(
      `select (select count(*)::int from farm.worker where kind = 'worker' and batches > 0) as busy,
              (select count(*)::int from farm.batch) as batches, current_setting('max_connections') as limit`,
    )
    const broken = Object.values(await invariants(farm.database, id)).flat().length
    printTable(
      `${workers} worker processes behind a PgBouncer`,
      ['', ''],
      [
        ['workers that committed', String(row!.busy)],
        ['most connections to PostgreSQL', `${most} of ${row!.limit}`],
        ['seconds', seconds.toFixed(1)],
        ['batches', String(row!.batches)],
        ['accounting', broken === 0 ? 'exact' : `${broken} violations`],
      ],
    )
  } finally {
    await farm.close()
  }
}
