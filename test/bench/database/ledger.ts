/**
 * What feeding and committing a batch cost: wall time, and processor time of this process and of the server's, which
 * says more on a machine that does other things too.
 *
 *   node --import tsx test/bench/database/ledger.ts
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import {
  acquireLeadership,
  type BundleJob,
  type CommitResult,
  createLedger,
  type Database,
  dispatchBundles,
  markQueued,
  openCells,
  openDatabase,
  startEmbedded,
  submitSweep,
  unqueuedBundles,
} from '@driftfarm/database'
import { runReference } from '@driftfarm/kernel'
import { type Cell, KERNEL_VERSION, parseSweep } from '@driftfarm/spec'
import { gaussian, oneWell } from '@driftfarm/testing/spec'

const cells = 100
const batchesOfCell = 40
const trials = 5
const cellsOfBundle = 20
/** Of the batches that are fed, in bundles of a hundred: each is a transaction, written through to the disk. */
const committed = 500

const spec = JSON.stringify(
  oneWell({
    name: 'ledger',
    update: gaussian(2),
    trial: { steps: 20, escape: 'x >= 0' },
    trials: batchesOfCell * trials,
    record: 'none',
    sweep: { 'update.drift.sigma': { from: 1, to: 3, count: cells, scale: 'linear' } },
  }),
)

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'driftfarm-bench-'))
  const server = await startEmbedded({ home })
  // One connection: its backend is the process whose time is taken.
  const database = await openDatabase({ url: server.url, max: 1 })
  try {
    console.log('| us a batch | wall | this process | server |\n|---|---|---|---|')
    await measure(database)
  } finally {
    await database.close()
    await server.close()
    rmSync(home, { recursive: true, force: true })
  }
}

async function measure(database: Database): Promise<void> {
  const ledger = createLedger(database)
  const sweep = parseSweep(spec, { fileName: 'spec.json' })
  const { id } = await submitSweep(database, sweep, spec, { runner: null })
  const epoch = (await acquireLeadership(database, { holder: 'bench', kind: 'up', kernel: KERNEL_VERSION }))!
  await database.pool.query(`update farm.leader set until = now() + interval '1 hour'`)
  await ledger.register({ id: 'w', kind: 'worker', host: 'here', pid: 1, threads: 1, kernel: KERNEL_VERSION })
  const jobs: BundleJob[] = []
  await timed('feed', cells * batchesOfCell, database, async () => {
    // A few batches of each cell at a time, as a coordinator keeps its window full.
    for (let round = 0; round < batchesOfCell / 5; round++) {
      const open = await openCells(database, id, { from: 0, to: cells })
      const bundles = Array.from({ length: open.length / cellsOfBundle }, (_, place) => ({
        sweep: id,
        kernel: KERNEL_VERSION,
        seconds: null,
        isLong: false,
        urgent: false,
        batches: open
          .slice(place * cellsOfBundle, (place + 1) * cellsOfBundle)
          .flatMap(({ cell, next }) =>
            Array.from({ length: 5 }, (_, nth) => ({ cell, first: next + nth * trials, count: trials })),
          ),
      }))
      await dispatchBundles(database, epoch, id, bundles)
      const fed = await unqueuedBundles(database, KERNEL_VERSION, 10_000)
      await markQueued(database, epoch, fed)
      jobs.push(...fed)
    }
  })
  const cellOf = new Map([...sweep.cells()].map(({ id: cell, cell: resolved }) => [cell, resolved]))
  const due = jobs.slice(0, committed / (5 * cellsOfBundle))
  const results = new Map<string, CommitResult>()
  for (const cell of [...cellOf.keys()])
    for (let first = 0; first < 5 * trials; first += trials)
      results.set(`${cell} ${first}`, resultOf(cellOf.get(cell)!, first))
  await timed('lease and commit', committed, database, async () => {
    for (const job of due) {
      const { batches } = await ledger.lease(job, 'w')
      await ledger.commit(
        'w',
        batches.map((lease) => ({ lease, result: results.get(`${lease.cell} ${lease.first}`)! })),
      )
    }
  })
}

function resultOf(cell: Cell, first: number): CommitResult {
  const { tally, digest } = runReference(cell, first, trials, { horizons: [] })
  return {
    parts: [{ first, count: trials, tally, digest, outcome: null, bits: [] }],
    cpuSeconds: trials * 1e-4,
    seconds: trials * 1e-4,
    premises: null,
  }
}

async function timed(name: string, batches: number, { pool }: Database, work: () => Promise<void>): Promise<void> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid')
  const server = () => processorMs(rows[0]!.pid)
  const [begin, used, served] = [performance.now(), process.cpuUsage(), server()]
  await work()
  const wall = performance.now() - begin
  const { user, system } = process.cpuUsage(used)
  const each = (ms: number) => ((ms * 1_000) / batches).toFixed(0)
  console.log(`| ${name} | ${each(wall)} | ${each((user + system) / 1_000)} | ${each(server() - served)} |`)
}

/** User and system time of a process in ms, where /proc has it in ticks of 10 ms; else NaN. */
function processorMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return 10 * (Number(fields[11]) + Number(fields[12]))
  } catch {
    return Number.NaN
  }
}

await main()
