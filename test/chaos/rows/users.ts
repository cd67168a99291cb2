import { setTimeout as delay } from 'node:timers/promises'
import {
  acquireLeadership,
  control,
  dispatchBundles,
  isRetryable,
  openDatabase,
  submitSweep,
} from '@driftfarm/database'
import { formatDigest, runReference } from '@driftfarm/kernel'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { bundlesOf } from '@driftfarm/testing/ledger'
import { oneWell } from '@driftfarm/testing/spec'
import { Broken, must } from '../check.ts'
import type { Farm } from '../farm.ts'
import type { Row } from '../row.ts'
import { baseSweep, type Given, given, smallSweep } from '../sweeps.ts'

/** Returns the value with the keys of its objects in random order. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, random))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => ({ key, inner, place: random() }))
  entries.sort((a, b) => a.place - b.place)
  return Object.fromEntries(entries.map(({ key, inner }) => [key, shuffled(inner, random)]))
}

/** Returns the same spec, written differently: with shuffled keys, and numbers with unnecessary digits. */
function inOtherWords({ text }: Given, random: () => number): Given {
  const other = JSON.stringify(shuffled(JSON.parse(text), random))
  const longer =
    random() < 0.5 ? other : other.replace(',1,', ',1.0,').replace('[-1]', '[-1.0]').replace('0.1,', '0.10,')
  return { ...given(JSON.parse(longer) as Record<string, unknown>), text: longer }
}

const submittedAtOnce: Row = {
  name: 'submit-at-once',
  fault: 'the same spec is submitted 50 times at once, with its keys shuffled and with 1 sometimes written as 1.0',
  promise: 'only one sweep is created, and it is computed once',
  away: [],
  async run(lab, { farm: open, random }) {
    const farm = await open()
    await farm.coordinator()
    await Promise.all([farm.worker(), farm.worker()])
    const spec = baseSweep(lab.seed + 1, 60)
    const others = Array.from({ length: 50 }, () => inOtherWords(spec, random))
    const clients = await Promise.all(Array.from({ length: 5 }, () => openDatabase({ url: farm.url, max: 10 })))
    const answers = await Promise.all(
      others.map(({ sweep, text }, place) => submitSweep(clients[place % 5]!, sweep, text, { runner: null })),
    )
    const commands = await Promise.all([1, 2, 3].map(() => farm.command(['run', farm.file(spec), '--detach'])))
    await Promise.all(clients.map((client) => client.close()))
    for (const { code, words } of commands) must(code === 0, `run --detach ended with ${code}: ${words}`)
    const ids = new Set(answers.map(({ id }) => id))
    must(ids.size === 1, `there are ${ids.size} sweeps instead of one`)
    must(
      answers.filter(({ created }) => created).length === 1,
      'more than one submission reports that it created the sweep',
    )
    const [row] = await farm.query<{ n: number }>('select count(*)::int as n from farm.sweep')
    must(row!.n === 1, `there are ${row!.n} sweeps`)
    const [id] = [...ids] as [string]
    await farm.complete(id)
    await farm.audit(id, spec)
    await farm.settled()
    return { times: 53 }
  },
}

const verbs = ['pause', 'resume', 'cancel', 'stop', 'remove', 'submit'] as const

const storm: Row = {
  name: 'storm',
  fault: 'four users concurrently pause, resume, stop, cancel, remove and resubmit four sweeps that share cells',
  promise: 'every request succeeds or is refused with a clear reason, and all sweeps complete afterwards',
  away: [],
  async run(lab, { farm: open, random, pick }) {
    // Clients of a sweep that is cancelled or removed correctly end with another code than 0.
    const farm = await open({ clients: false })
    await farm.coordinator()
    await Promise.all([farm.worker(), farm.worker()])
    const sweeps = [3, 6, 9, 12].map((cells) => baseSweep(lab.seed + 6, 4 * cells, { name: `storm-${cells}`, cells }))
    const ids = await Promise.all(sweeps.map((sweep) => farm.submit(sweep)))
    const times = lab.times(400)
    let done = 0
    const troubles = new Set<string>()
    const user = async (): Promise<void> => {
      while (done < times) {
        const place = pick(sweeps.length)
        const verb = verbs[pick(verbs.length)]!
        done++
        try {
          if (verb === 'submit') await farm.submit(sweeps[place]!)
          else if (verb === 'remove') await farm.remove(ids[place]!)
          else await control(farm.database, ids[place]!, verb)
        } catch (error) {
          const { code } = error as { code?: string }
          if (code !== 'SWEEP_STATE' && code !== 'SWEEP_NOT_FOUND') troubles.add(`${verb}: ${(error as Error).message}`)
        }
        await delay(60 * random())
      }
    }
    await Promise.all([user(), user(), user(), user()])
    farm.mark('the storm is over')
    if (troubles.size > 0) throw new Broken([...troubles])
    for (const [place, sweep] of sweeps.entries()) {
      // Submitting starts stopped and cancelled sweeps again. Paused sweeps are resumed.
      const id = await farm.submit(sweep)
      await control(farm.database, id, 'resume').catch((error: unknown) => {
        if (isRetryable(error)) throw error
      })
      await farm.complete(id)
      await farm.audit(ids[place]!, sweep)
    }
    await farm.settled()
    return { times: done }
  },
}

const sizes: Row = {
  name: 'size',
  fault: 'sweeps of unusual size: one trial, one cell, a trial index beyond 2^31, 10^6 planned batches',
  promise: 'the invariants hold, and the memory of the leading coordinator grows only with the number of cells',
  away: ['coordinator', 'worker'],
  advised: true,
  async run(lab, { farm: open }) {
    // No clients, because the largest sweep is removed while it runs.
    const farm = await open({ clients: false })
    const leader = await farm.coordinator({ more: ['--no-http', '--batch', '1000'] })
    const worker = await farm.worker()
    for (const trials of [1, 1_000]) {
      const spec = given(
        oneWell({ name: `size-${trials}`, seed: lab.seed, trial: { steps: 100, escape: 'x >= 0' }, trials }),
      )
      const id = await farm.submit(spec)
      await farm.complete(id)
      await farm.audit(id, spec)
    }
    await farm.settled()
    const before = await residentMb(leader.pid)
    const large = given(
      oneWell({ name: 'size-large', seed: lab.seed, trial: { steps: 60_000, escape: 'x >= 1e6' }, trials: 1e9 }),
    )
    const id = await farm.submit(large)
    await farm.until('it is at work', async () => (await farm.stored()) > 5_000)
    await delay(5_000)
    const [row] = await farm.query<{ pending: number; bundles: number }>(
      `select (select count(*)::int from farm.pending) as pending, (select count(*)::int from farm.bundle) as bundles`,
    )
    const grown = (await residentMb(leader.pid)) - before
    must(row!.pending < 10_000, `${row!.pending} of 10^6 batches have a row`)
    must(grown < 50, `the leader grew by ${grown.toFixed(0)} MB`)
    await control(farm.database, id, 'cancel')
    await farm.remove(id)
    await leader.kill()
    await worker.kill()
    await beyond(farm, lab.seed)
    return {
      times: 4,
      notes: [
        `the ledger had rows for ${row!.pending} of 10^6 planned batches, and the memory of the leading coordinator ` +
          `changed by ${grown.toFixed(0)} MB`,
      ],
    }
  },
}

/** Dispatches a batch that begins beyond trial 2^31, without a coordinator. A real worker computes it. */
async function beyond(farm: Farm, seed: number): Promise<void> {
  const { database, queue } = farm
  const spec = smallSweep(seed + 9, 3e9, 'beyond')
  const { id: sweep } = await submitSweep(database, spec.sweep, spec.text, { runner: null })
  let epoch: number | null = null
  await farm.until('the term of the last leader is over', async () => {
    epoch = await acquireLeadership(database, { holder: 'harness', kind: 'up', kernel: KERNEL_VERSION })
    return epoch !== null
  })
  const { id: cell, cell: resolved } = spec.sweep.cell(0)
  const first = 2 ** 31 + 7
  await dispatchBundles(database, epoch!, sweep, bundlesOf(sweep, cell, [first, 500]))
  const [bundle] = await farm.query<{ id: number }>('select max(id)::int as id from farm.bundle')
  await queue.producer().add([{ bundle: bundle!.id }])
  await farm.worker()
  const batches = 'select first::text, digest from farm.batch where cell_id = $1'
  const done = () => farm.query<{ first: string; digest: string }>(batches, [cell])
  await farm.until('the batch is done', async () => (await done()).length > 0, 60)
  const [row] = await done()
  const wanted = formatDigest(runReference(resolved, first, 500, { horizons: [] }).digest)
  must(
    row?.first === String(first) && row.digest === wanted,
    `the batch at ${row?.first} has ${row?.digest}, not ${wanted}`,
  )
}

async function residentMb(pid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const [, kb] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kb) / 1024
}

/** Nine runs in which all pairs of values of two factors occur. */
const topologies = [
  { workers: 1, trials: 1, redis: true, engine: 'wasm' },
  { workers: 1, trials: 7, redis: false, engine: 'wasm' },
  { workers: 1, trials: 1_000, redis: true, engine: 'reference' },
  { workers: 2, trials: 1, redis: false, engine: 'reference' },
  { workers: 2, trials: 7, redis: true, engine: 'wasm' },
  { workers: 2, trials: 1_000, redis: false, engine: 'wasm' },
  { workers: 4, trials: 1, redis: true, engine: 'wasm' },
  { workers: 4, trials: 7, redis: false, engine: 'reference' },
  { workers: 4, trials: 1_000, redis: true, engine: 'wasm' },
] as const

const topology: Row = {
  name: 'topology',
  fault:
    'the same sweep runs with 1, 2 and 4 workers, with batches of 1, 7 and 1,000 trials, with the queue on Redis and ' +
    'on PostgreSQL, and with the WebAssembly and the reference kernel',
  promise: 'the digest of each cell is always the same',
  away: [],
  async run(lab, { farm: open }) {
    const chosen = topologies.slice(0, Math.max(2, lab.times(topologies.length)))
    for (const { workers, trials, redis, engine } of chosen) {
      const farm = await open(redis ? {} : { redis: null })
      await farm.coordinator({ more: ['--no-http', '--batch', String(trials)] })
      await Promise.all(Array.from({ length: workers }, () => farm.worker({ more: ['--engine', engine] })))
      const spec = smallSweep(lab.seed, 700, 'topology')
      const id = await farm.submit(spec)
      await farm.complete(id)
      await farm.audit(id, spec)
      await farm.settled()
      for (const member of farm.members) await member.kill()
    }
    return { times: chosen.length }
  },
}

export const userRows: readonly Row[] = [submittedAtOnce, storm, sizes, topology]
