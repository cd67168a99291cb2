import {
  dispatchedBundles,
  invariants,
  type Lease,
  looseBatches,
  rebundle,
  reclaim,
  removeSweep,
  requeue,
} from '@driftfarm/database'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { compute, openLed, specText } from '@driftfarm/testing/ledger'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MemoryQueue } from './farm.fixture.ts'

// Ledger and queue against a model of thirty lines: whatever order commands come in, of each batch it is known whether
// it is done, how often it failed and vanished, and nothing is done twice.
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const counts = [4, 3, 5]

/** What the model knows of a batch; failures and vanished attempts are counted until it is given up at the third. */
interface Modelled {
  state: 'ready' | 'done' | 'failed'
  failures: number
  vanished: number
}

class Model {
  readonly batches = counts.map((): Modelled => ({ state: 'ready', failures: 0, vanished: 0 }))
  /** Generation of each batch, which rises whenever it leaves its bundle undone. */
  readonly generations = counts.map(() => 1)

  commit(place: number): 'committed' | 'duplicate' {
    const batch = this.batches[place]!
    if (batch.state === 'done') return 'duplicate'
    batch.state = 'done'
    return 'committed'
  }

  fail(place: number, generation: number, isBundled: boolean): void {
    const batch = this.batches[place]!
    if (batch.state !== 'ready' || !isBundled || this.generations[place] !== generation) return
    this.generations[place]!++
    if (++batch.failures >= 3) batch.state = 'failed'
  }

  leave(place: number, vanished: boolean): void {
    const batch = this.batches[place]!
    if (batch.state !== 'ready') return
    this.generations[place]!++
    if (vanished) batch.vanished++
  }
}

type Verb = 'take' | 'commit' | 'fail' | 'release' | 'die' | 'lose' | 'feed'
/** More failures than the rest, so that some batches are given up. */
const verbs: readonly Verb[] = [
  'take',
  'take',
  'fail',
  'fail',
  'fail',
  'feed',
  'feed',
  'commit',
  'release',
  'die',
  'lose',
]
const command = fc.record({ verb: fc.constantFrom(...verbs), choice: fc.nat(9) })

let led: Awaited<ReturnType<typeof openLed>>
let seed = 0
beforeAll(async () => {
  led = await openLed(['a', 'b'])
})
afterAll(() => led.drop())

/** A bundle that a worker has leased, and has in hand, whatever became of it in the ledger. */
interface Hand {
  readonly lease: Lease
  readonly worker: string
}

type Commands = readonly { readonly verb: Verb; readonly choice: number }[]

async function play(commands: Commands): Promise<void> {
  const submitted = await led.submitted(specText({ seed: ++seed, trials: 12 }), counts)
  try {
    await playOn(submitted, commands)
  } finally {
    await removeSweep(led.database, submitted.sweep)
  }
}

async function playOn({ sweep, cell, bundles }: Awaited<ReturnType<typeof led.submitted>>, commands: Commands) {
  const { database, ledger, epoch } = led
  const model = new Model()
  const queue = new MemoryQueue()
  await queue.add(bundles.map((bundle) => ({ bundle, urgent: false })))
  await database.pool.query('update farm.bundle set queued_at = now() where queued_at is null')
  const hands: Hand[] = []
  const placeOf = ({ first }: { readonly first: number }) =>
    counts.findIndex((_, place) => counts.slice(0, place).reduce((sum, count) => sum + count, 0) === first)
  const bundledIn = async (place: number, bundle: number): Promise<boolean> => {
    const { rowCount } = await database.pool.query(
      'select from farm.pending where cell_id = $1 and first = $2 and bundle = $3',
      [cell, counts.slice(0, place).reduce((sum, count) => sum + count, 0), bundle],
    )
    return rowCount === 1
  }
  const feed = async (): Promise<void> => {
    const loose = (await looseBatches(database, KERNEL_VERSION, 100)).filter((batch) => batch.cell === cell)
    const made = loose.map((batch) => ({
      sweep,
      kernel: batch.kernel,
      seconds: null,
      isLong: false,
      urgent: false,
      batches: [batch],
    }))
    await rebundle(database, epoch, made, [])
    const { rows } = await database.pool.query<{ bundle: number }>(
      'update farm.bundle set queued_at = now() where queued_at is null returning id::int as bundle',
    )
    await queue.add(rows.map(({ bundle }) => ({ bundle, urgent: false })))
  }
  for (const { verb, choice } of commands) {
    const hand = hands[choice % Math.max(1, hands.length)]
    if (verb === 'take') {
      if (queue.waiting.size === 0) continue
      const taken = (await queue.take(new AbortController().signal, (size) => choice % size))!
      const worker = choice % 2 === 0 ? 'a' : 'b'
      for (const lease of (await ledger.lease(taken.job, worker)).batches) hands.push({ lease, worker })
      queue.ack(taken.key)
    } else if (verb === 'lose') {
      queue.loseAllJobs()
      const lost = (await dispatchedBundles(database)).filter(({ workerId }) => workerId === null)
      for (const { bundle } of lost)
        for (const [place] of counts.entries()) if (await bundledIn(place, bundle)) model.leave(place, false)
      await requeue(database, epoch, lost)
    } else if (verb === 'feed') await feed()
    else if (hand === undefined) continue
    else if (verb === 'commit') {
      // A late worker commits too, and one that has committed may do so once more.
      const [ending] = await ledger.commit(hand.worker, [{ lease: hand.lease, result: compute(hand.lease) }])
      expect(ending!.ending).toBe(model.commit(placeOf(hand.lease)))
    } else if (verb === 'fail') {
      const place = placeOf(hand.lease)
      model.fail(place, hand.lease.generation, await bundledIn(place, hand.lease.bundle))
      await ledger.fail(hand.lease, hand.worker, { kind: 'throw', message: 'no' })
    } else if (verb === 'release') {
      const place = placeOf(hand.lease)
      const isBundled = await bundledIn(place, hand.lease.bundle)
      if (isBundled && model.generations[place] === hand.lease.generation) model.leave(place, false)
      await ledger.release([hand.lease])
    } else {
      const held = (await dispatchedBundles(database)).filter(({ workerId }) => workerId === hand.worker)
      for (const { bundle } of held)
        for (const [place] of counts.entries()) if (await bundledIn(place, bundle)) model.leave(place, true)
      await reclaim(database, epoch, { lost: [hand.worker], late: [] })
    }
    expect(await seen(cell)).toEqual(model.batches)
  }
  // In the end everything that was not given up is done, once, and the tables say so.
  for (let round = 0; round < 30 && model.batches.some(({ state }) => state === 'ready'); round++) {
    await feed()
    for (const { bundle } of await dispatchedBundles(database))
      for (const lease of (await ledger.lease({ bundle }, 'a')).batches) {
        const [ending] = await ledger.commit('a', [{ lease, result: compute(lease) }])
        expect(ending!.ending).toBe(model.commit(placeOf(lease)))
      }
  }
  expect(await seen(cell)).toEqual(model.batches)
  const { I2, I4 } = await invariants(database, sweep)
  expect([...I2, ...I4]).toEqual([])
}

async function seen(cell: string): Promise<Modelled[]> {
  const { rows } = await led.database.pool.query<Modelled>(
    `select case state when 'leased' then 'ready' else state end as state, failures, vanished
       from batch where cell = $1 order by first`,
    [cell],
  )
  return rows
}

test('any order of deliveries, commits, failures, deaths and losses agrees with the model', async () => {
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 50 }), play), {
    numRuns: full ? 200 : 12,
    seed: 20261127,
  })
})
