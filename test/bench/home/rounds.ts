import {
  type BundleLease,
  type CommitResult,
  contrastsDue,
  control,
  createLedger,
  type Database,
  dispatchBundles,
  dispatchedBundles,
  farmIsServed,
  finishSweep,
  looseBatches,
  markInterrupted,
  markQueued,
  openCells,
  presence,
  readFarmSnapshot,
  rebundle,
  reclaim,
  registeredWorkers,
  removeSweep,
  renewLeadership,
  requeue,
  settleIndices,
  settlePendingUpdates,
  stateOfFarm,
  submitSweep,
  sweepStatus,
  unpark,
  unqueuedBundles,
} from '@driftfarm/database'
import { KERNEL_VERSION, type Sweep } from '@driftfarm/spec'
import { compute, specText, sweepOf } from '@driftfarm/testing/ledger'
import { settleDemand } from '../../../packages/coordinator/src/settle.ts'
import type { Stopwatch } from './stopwatch.ts'

/** Rounds in which calls are timed; one more shows the plans of their statements. */
export const timed = 20
/** Cells whose batches are handed out, computed and settled in a round; each has two batches. */
const cellsOfRound = 10
const trialsOfBatch = 10
/** Cells that a leader reads at a time. */
const cellsAtATime = 1_000

export interface Farm {
  readonly database: Database
  readonly epoch: number
  readonly watch: Stopwatch
  /** Premises that are stored for each cell. */
  readonly premises: NonNullable<CommitResult['premises']>
}

export const settle: Parameters<typeof settlePendingUpdates>[2] = (demand, ahead) =>
  settleDemand(demand, ahead, { estimate: false })

export const worker = (id: string) => ({ id, kind: 'worker', host: 'here', pid: 1, threads: 1, kernel: KERNEL_VERSION })

/**
 * Computes a small sweep as a running farm does, in rounds of some cells each, and times every call. All batches of a
 * round go every way that there is: one fails, some are released, some vanish, all are once lost by the queue and once
 * parked.
 */
export async function computeSmallSweep(farm: Farm, seed: number): Promise<void> {
  const { database, watch } = farm
  const cells = cellsOfRound * (timed + 1)
  const text = textOf(`small ${seed}`, seed, cells)
  const spec = sweepOf(text)
  const { id } = await submitSweep(database, spec, text, { runner: null })
  await createLedger(database).register(worker('w'))
  for (let round = 0; round <= timed; round++) {
    if (round === timed) await watch.listen()
    await new Round(farm, spec, id, round).run()
    await submitAndRemove(farm, 1_000 * seed + round)
  }
  await watch.listenNoMore()
  for (let round = 0; round <= timed; round++) {
    await database.pool.query(`update farm.sweep set state = 'running', finished_at = null where id = $1`, [id])
    if (round === timed) await watch.listen()
    const state = await watch.time('finishSweep: all cells ended', () => finishSweep(database, farm.epoch, id))
    if (state !== 'complete') throw new Error(`the small sweep is ${state}`)
  }
  await watch.listenNoMore()
}

const textOf = (name: string, seed: number, cells: number): string =>
  specText({
    name,
    seed,
    trials: 2 * trialsOfBatch,
    record: 'all',
    sweep: { 'update.drift.sigma': { from: 1, to: 3, count: cells, scale: 'linear' } },
  })

/** A sweep of five new cells: how a user's submission and its removal fare beside all that is stored. */
async function submitAndRemove({ database, watch }: Farm, seed: number): Promise<void> {
  const text = textOf('five cells', seed, 5)
  const sweep = sweepOf(text)
  const submit = () => submitSweep(database, sweep, text, { runner: null })
  const { id } = await watch.time('submitSweep: new', submit)
  await watch.time('submitSweep: known', submit)
  await watch.time('control: cancel', () => control(database, id, 'cancel'))
  await watch.time('removeSweep', () => removeSweep(database, id))
}

/** One round: what a leader and a worker ask of the database until some more cells have ended. */
class Round {
  readonly #ledger
  readonly #time: Stopwatch['time']
  readonly #first: number

  constructor(
    private readonly farm: Farm,
    private readonly spec: Sweep,
    private readonly sweep: string,
    private readonly number: number,
  ) {
    this.#ledger = createLedger(farm.database)
    this.#time = (name, work) => farm.watch.time(name, work)
    this.#first = number * cellsOfRound
  }

  async run(): Promise<void> {
    const { database } = this.farm
    await this.#time('readFarmSnapshot', () => readFarmSnapshot(database, KERNEL_VERSION))
    await this.#reconcile()
    await this.#dispatch()
    await this.#look()
    await this.#loseAndPark()
    await this.#compute()
    await this.#settle()
  }

  /** The comparison of ledger and queue, of which nothing comes. */
  async #reconcile(): Promise<void> {
    const { database, epoch } = this.farm
    await this.#time('renewLeadership', () => renewLeadership(database, epoch))
    // A term of the benchmark does not end.
    await database.pool.query(`update farm.leader set until = now() + interval '1 hour'`)
    await this.#time('registeredWorkers', () => registeredWorkers(database))
    await this.#time('markInterrupted', () => markInterrupted(database, ['gone 0']))
    await this.#time('reclaim: nothing', () => reclaim(database, epoch, { lost: ['gone 0'], late: [] }))
  }

  async #dispatch(): Promise<void> {
    const { database, epoch } = this.farm
    const page = { from: this.#first, to: this.#first + cellsAtATime }
    await this.#time('openCells: a page', () => openCells(database, this.sweep, page))
    const indices = Array.from({ length: cellsOfRound }, (_, place) => this.#first + place)
    await this.#time('openCells: a list', () => openCells(database, this.sweep, { indices }))
    const batches = indices.flatMap((index) =>
      [0, trialsOfBatch].map((first) => ({ cell: this.spec.cell(index).id, first, count: trialsOfBatch })),
    )
    const bundle = { sweep: this.sweep, kernel: KERNEL_VERSION, seconds: null, isLong: false, urgent: false, batches }
    await this.#time('dispatchBundles', () => dispatchBundles(database, epoch, this.sweep, [bundle]))
    await this.#feed()
  }

  /** Puts the jobs of bundles into the queue that is not there. */
  async #feed(): Promise<void> {
    const { database, epoch } = this.farm
    const jobs = await this.#time('unqueuedBundles', () => unqueuedBundles(database, KERNEL_VERSION, 1_000))
    await this.#time('markQueued', () => markQueued(database, epoch, jobs))
  }

  /** What commands and people ask meanwhile. */
  async #look(): Promise<void> {
    const { database } = this.farm
    await this.#time('sweepStatus', () => sweepStatus(database, this.sweep))
    await this.#time('presence', () => presence(database, this.sweep))
    await this.#time('stateOfFarm', () => stateOfFarm(database))
    await this.#time('farmIsServed', () => farmIsServed(database))
  }

  async #loseAndPark(): Promise<void> {
    const { database, epoch } = this.farm
    const out = await this.#time('dispatchedBundles', () => dispatchedBundles(database))
    await this.#time('requeue', () => requeue(database, epoch, out))
    const loose = await this.#time('looseBatches', () => looseBatches(database, KERNEL_VERSION, 5_000))
    await this.#time('rebundle: parked', () => rebundle(database, epoch, [], loose))
    await this.#time('unpark', () => unpark(database, epoch, [this.sweep]))
    await this.#rebundle()
  }

  async #rebundle(): Promise<void> {
    const { database, epoch } = this.farm
    const batches = await this.#time('looseBatches', () => looseBatches(database, KERNEL_VERSION, 5_000))
    const bundle = { sweep: this.sweep, kernel: KERNEL_VERSION, seconds: null, isLong: false, urgent: true, batches }
    await this.#time('rebundle', () => rebundle(database, epoch, [bundle], []))
    await this.#feed()
  }

  /** A worker computes most of it and gives some back; another dies with what was left; the first does the rest. */
  async #compute(): Promise<void> {
    const { database, epoch } = this.farm
    const ledger = this.#ledger
    const lease = await this.#lease('w')
    const sign = {
      state: 'alive',
      trouble: null,
      queue: { lostForMs: 0, server: null },
      leases: lease.batches,
    } as const
    await this.#time('ledger.heartbeat', () => ledger.heartbeat('w', sign))
    const [failed, ...more] = lease.batches
    const failure = { kind: 'throw', message: 'it threw' } as const
    await this.#time('ledger.fail', () => ledger.fail(failed!, 'w', failure))
    await this.#time('ledger.release', () => ledger.release(more.slice(0, 3)))
    await this.#commit(more.slice(3))
    await this.#rebundle()
    const dead = `dead ${this.number}`
    await ledger.register(worker(dead))
    await this.#lease(dead)
    await this.#time('reclaim', () => reclaim(database, epoch, { lost: [dead], late: [] }))
    await ledger.deregister(dead)
    await this.#rebundle()
    await this.#commit((await this.#lease('w')).batches)
  }

  async #lease(by: string): Promise<BundleLease> {
    const { database } = this.farm
    const { rows } = await database.pool.query<{ bundle: number }>('select id as bundle from farm.bundle')
    if (rows.length !== 1) throw new Error(`${rows.length} bundles are out`)
    return this.#time('ledger.lease', () => this.#ledger.lease(rows[0]!, by))
  }

  async #commit(leases: BundleLease['batches']): Promise<void> {
    const results = leases.map((lease) => {
      const premises = lease.premises ? this.farm.premises : null
      return { lease, result: { ...compute(lease), premises } }
    })
    const endings = await this.#time('ledger.commit', () => this.#ledger.commit('w', results))
    const odd = endings.find(({ ending }) => ending !== 'committed')
    if (odd !== undefined) throw new Error(`a commit is ${odd.ending}`)
  }

  async #settle(): Promise<void> {
    const { database, epoch } = this.farm
    // Half of the news are settled as a leader does that finds them at the places that it is about to feed.
    const page = { from: this.#first, to: this.#first + cellsOfRound / 2 }
    await this.#time('settleIndices', () => settleIndices(database, epoch, this.sweep, page, settle))
    const { changes } = await this.#time('settlePendingUpdates', () => settlePendingUpdates(database, epoch, settle))
    if (changes.length !== cellsOfRound / 2) throw new Error(`${changes.length} cells were settled`)
    await this.#time('contrastsDue', () => contrastsDue(database, this.sweep))
    if (this.number < timed) await this.#time('finishSweep: not yet', () => finishSweep(database, epoch, this.sweep))
  }
}
