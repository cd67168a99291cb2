import { parseArgs } from 'node:util'
import {
  acquireLeadership,
  createLedger,
  type Database,
  dispatchBundles,
  finishSweep,
  openDatabase,
  settlePendingUpdates,
  startEmbedded,
  submitSweep,
} from '@driftfarm/database'
import { compile, prepare } from '@driftfarm/kernel'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { bundlesOf, compute, onlyBatchOf, specText, sweepOf } from '@driftfarm/testing/ledger'
import { KERNEL_VERSION } from '../../../packages/spec/src/index.ts'
import { premisesOf } from '../../../packages/theory/src/index.ts'
import { printTable } from '../kernel/measure.ts'
import { addFinished, beginFilling, endFilling, type Pattern } from './fill.ts'
import { analyse, forget, type Knowledge, knowledge } from './knowledge.ts'
import { computeSmallSweep, type Farm, settle } from './rounds.ts'
import { beManyLive, compareCells, shareBudget, shareCells } from './special.ts'
import { Stopwatch } from './stopwatch.ts'

/** The home with which the others are compared; tables that are known to be stale were analysed when they held this. */
const few = 1_000
/** A call that takes so many times as long in the larger home is a finding. */
const worst = 2

type Watches = Readonly<Record<Knowledge, Stopwatch>>

/**
 * No query of a running farm may depend on how many finished cells, sweeps or demands are stored, whatever the planner
 * knows of them. Fills a home with `few` and one with `--finished` finished cells, computes a small sweep in each, and
 * prints what every call takes. For calls that take much longer in the larger home it prints the plans.
 */
export async function benchHome(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...options], options: { finished: { type: 'string', default: '1000000' } } })
  const many = Number(values.finished)
  const small = await measure(few)
  const large = await measure(many)
  const ratios = (name: string) =>
    knowledge.map((state) => large[state].medians.get(name)! / small[state].medians.get(name)!)
  const names = [...small.fresh.medians.keys()]
  const count = (cells: number) => cells.toLocaleString('en')
  printTable(
    'Processor time of the server in microseconds per call, by number of finished cells and by table statistics',
    ['', ...[few, many].flatMap((cells) => knowledge.map((state) => `${count(cells)} ${state}`)), 'worst ratio', ''],
    names.map((name) => {
      const times = [small, large].flatMap((home) => knowledge.map((state) => home[state].medians.get(name)!))
      const ratio = Math.max(...ratios(name))
      return [name, ...times.map((time) => time.toFixed(0)), ratio.toFixed(1), ratio > worst ? 'finding' : '']
    }),
  )
  for (const name of names) {
    for (const [place, state] of knowledge.entries()) {
      const ratio = ratios(name)[place]!
      const plan = large[state].plans.get(name)
      if (ratio > worst) console.log(`\n${name}, ${state}, ${ratio.toFixed(1)} times as long:\n${plan?.text}`)
    }
  }
}

/** What each call takes in a home with so many finished cells. */
async function measure(finished: number): Promise<Watches> {
  const folder = temporaryFolder('driftfarm-bench-')
  const server = await startEmbedded({ home: folder.path })
  // One connection, since the processor time of its server process is taken; and no waiting for the disk.
  const url = `${server.url}?options=${encodeURIComponent('-c synchronous_commit=off -c statement_timeout=0')}`
  const database = await openDatabase({ url, max: 1, silence: { answerMs: Number.POSITIVE_INFINITY } })
  try {
    await database.pool.query('set statement_timeout = 0')
    return await measureHome(database, finished)
  } finally {
    await database.close()
    await server.close()
    folder.remove()
  }
}

async function measureHome(database: Database, finished: number): Promise<Watches> {
  const epoch = (await acquireLeadership(database, { holder: 'bench', kind: 'up', kernel: KERNEL_VERSION }))!
  const pattern = await makePattern(database, epoch)
  const { premises } = pattern
  await beginFilling(database, pattern)
  await addFinished(database, pattern, 0, few)
  await analyse(database)
  const started = performance.now()
  await addFinished(database, pattern, few, finished)
  await endFilling(database)
  console.log(`${finished} finished cells, filled in ${((performance.now() - started) / 1_000).toFixed(0)} s`)
  const watches: Partial<Record<Knowledge, Stopwatch>> = {}
  for (const [place, state] of knowledge.entries()) {
    if (state === 'absent') await forget(database)
    if (state === 'fresh') await analyse(database)
    const watch = await Stopwatch.of(database)
    watches[state] = watch
    await database.pool.query(`update farm.leader set until = now() + interval '1 hour'`)
    const farm: Farm = { database, epoch, watch, premises }
    const seed = place + 2
    await computeSmallSweep(farm, seed)
    // Other seeds, so that none of the cells is done already.
    await compareCells(farm, 10 * seed)
    await shareBudget(farm, 100 * seed)
    await shareCells(farm, 10_000 * seed, finished)
    await beManyLive(farm, 100_000 * seed)
  }
  return watches as Watches
}

/** Computes a sweep of one cell as the farm does. */
async function makePattern(database: Database, epoch: number) {
  const text = specText({ name: 'pattern', trials: 20, record: 'all' })
  const spec = sweepOf(text)
  const { id, cell } = spec.cell(0)
  const prepared = prepare(cell, [])
  const module = new WebAssembly.Module((await compile(prepared.source)) as BufferSource)
  const premises = await premisesOf(cell, [], { module: async () => module })
  const { id: sweep } = await submitSweep(database, spec, text, { runner: null })
  const ledger = createLedger(database)
  await database.pool.query(`update farm.leader set until = now() + interval '1 hour'`)
  await dispatchBundles(database, epoch, sweep, bundlesOf(sweep, id, [20]))
  const { rows } = await database.pool.query<{ bundle: number }>('select id as bundle from farm.bundle')
  const lease = onlyBatchOf(await ledger.lease(rows[0]!, 'w'))
  await ledger.commit('w', [{ lease, result: { ...compute(lease), premises } }])
  await settlePendingUpdates(database, epoch, settle)
  const state = await finishSweep(database, epoch, sweep)
  if (state !== 'complete') throw new Error(`the pattern is ${state}`)
  return { sweep, cell: id, premises } satisfies Pattern & Pick<Farm, 'premises'>
}
