import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as db from '@driftfarm/database'
import { compile, Kernel, prepare } from '@driftfarm/kernel'
import { type DataTable, KERNEL_VERSION } from '@driftfarm/spec'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { compute, specText, sweepOf } from '@driftfarm/testing/ledger'
import { doubleWell, quadratic } from '../kernel/cells.ts'
import { networkCell } from '../kernel/networks.ts'

// One side of a comparison, in a process of its own. It measures the part that the command line names, and prints the
// seconds of each row of this part as JSON.

/** Cells of the sweep that is submitted, fed and committed; trials of each; and cells in a bundle. */
const cells = 6_000
const trials = 4
const cellsOfBundle = 50
/** Rounds of a kernel. The fastest counts, because V8 still compiles during the first rounds. */
const rounds = 5

/** Earlier checkouts take the table of a cell instead of a list of tables. */
const tables = (table: DataTable) => Object.assign([table], table)

async function kernels(): Promise<Record<string, number>> {
  const small = networkCell([2, 4, 1], 4, null)
  const middle = networkCell([8, 16, 1], 256, null)
  const batched = networkCell([64, 32, 10], 1_000, { size: 32 })
  const prepared = {
    'double well': [prepare(doubleWell(1_000)), 100_000],
    'double well, 20 steps': [prepare(doubleWell(20)), 1_000_000],
    'quadratic, 100 coordinates': [prepare(quadratic(100, 1_000)), 500],
    'network 2-4-1': [prepare(small.cell, tables(small.data)), 20_000],
    'network 8-16-1': [prepare(middle.cell, tables(middle.data)), 200],
    'network 64-32-10, batches of 32': [prepare(batched.cell, tables(batched.data)), 60],
  } as const
  const seconds: Record<string, number> = {}
  for (const [name, [cell, count]] of Object.entries(prepared)) {
    const module = new WebAssembly.Module((await compile(cell.source)) as BufferSource)
    const kernel = Kernel.create(module, cell)
    const taken: number[] = []
    for (let round = 0; round < rounds; round++) {
      const before = process.cpuUsage()
      kernel.run(round * count, count, { keep: false, horizons: [] })
      const { user, system } = process.cpuUsage(before)
      taken.push((user + system) / 1e6)
    }
    seconds[`kernel: ${name}`] = Math.min(...taken)
  }
  return seconds
}

async function ledger(): Promise<Record<string, number>> {
  const folder = temporaryFolder('driftfarm-bench-')
  const server = await db.startEmbedded({ home: folder.path })
  const database = await db.openDatabase({ url: server.url })
  const seconds: Record<string, number> = {}
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const before = performance.now()
    const value = await work()
    seconds[name] = (seconds[name] ?? 0) + (performance.now() - before) / 1_000
    return value
  }
  try {
    await db.migrate(server.url)
    const epoch = (await db.acquireLeadership(database, { holder: 'bench', kind: 'up', kernel: KERNEL_VERSION }))!
    await database.pool.query(`update farm.leader set until = now() + interval '1 hour'`)
    const calls = db.createLedger(database)
    await calls.register({ id: 'w', kind: 'worker', host: 'here', pid: 1, threads: 1, kernel: KERNEL_VERSION })
    const textOf = (seed: number, count: number) =>
      specText({
        name: `sweep ${seed}`,
        seed,
        trials,
        sweep: { 'update.drift.sigma': { from: 1, to: 3, count, scale: 'linear' } },
      })
    for (const [seed, count] of [
      [1, 100],
      [2, cells],
    ] as const) {
      // The small sweep only loads code and plans; it is not timed.
      const timedOr = seed === 1 ? <T>(_: string, work: () => Promise<T>) => work() : timed
      const text = textOf(seed, count)
      const sweep = sweepOf(text)
      const { id } = await timedOr('submit', () => db.submitSweep(database, sweep, text, { runner: null }))
      for (let from = 0; from < count; from += cellsOfBundle)
        await timedOr('feed', async () => {
          const open = await db.openCells(database, id, { from, to: from + cellsOfBundle })
          const batches = open.map(({ index }) => ({ cell: sweep.cell(index).id, first: 0, count: trials }))
          const bundle = { sweep: id, kernel: KERNEL_VERSION, seconds: null, isLong: false, urgent: false, batches }
          await db.dispatchBundles(database, epoch, id, [bundle])
          await db.markQueued(database, epoch, await db.unqueuedBundles(database, KERNEL_VERSION, 1_000))
        })
      const { rows } = await database.pool.query<{ bundle: number }>('select id as bundle from farm.bundle order by id')
      for (const job of rows) {
        const lease = await timedOr('lease', () => calls.lease(job, 'w'))
        const results = lease.batches.map((each) => ({ lease: each, result: compute(each) }))
        const endings = await timedOr('commit', () => calls.commit('w', results))
        if (endings.some(({ ending }) => ending !== 'committed')) throw new Error('a commit failed')
      }
    }
    return seconds
  } finally {
    await database.close()
    await server.close()
    folder.remove()
  }
}

/** A whole command with a new home: 100 x 100 cells of the double well with 100 trials of 100 steps. */
async function command(): Promise<Record<string, number>> {
  const folder = temporaryFolder('driftfarm-bench-')
  const axis = (from: number, to: number) => ({ from, to, count: 100, scale: 'linear' })
  const sweep = { 'update.eta': axis(0.01, 0.2), 'update.drift.sigma': axis(0.5, 2) }
  const spec = {
    ...JSON.parse(specText({ name: 'grid', seed: 7, trials: 100, sweep })),
    landscape: { preset: 'double-well' },
  }
  const file = join(folder.path, 'grid.json')
  writeFileSync(file, JSON.stringify({ ...spec, trial: { steps: 100, escape: 'x >= 0' } }))
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env
  const env = { ...inherited, DRIFTFARM_HOME: join(folder.path, 'home') }
  try {
    const before = performance.now()
    execFileSync(process.execPath, ['packages/cli/bin/driftfarm.js', 'run', file, '--json'], { env, stdio: 'ignore' })
    return { 'run, 10,000 cells': (performance.now() - before) / 1_000 }
  } finally {
    folder.remove()
  }
}

const parts: Readonly<Record<string, () => Promise<Record<string, number>>>> = { kernel: kernels, ledger, command }
console.log(JSON.stringify(await parts[process.argv[2]!]!()))
