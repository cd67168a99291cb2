import { setTimeout as delay } from 'node:timers/promises'
import type { Stage } from '../../../packages/worker/src/index.ts'
import { Broken, must } from '../check.ts'
import type { Member } from '../processes.ts'
import { Recovery } from '../recovery.ts'
import { quantile, type Row } from '../row.ts'
import { baseSweep } from '../sweeps.ts'

const everyMs = 1_500

const workerKilled = (queue: 'redis' | 'postgres'): Row => ({
  name: queue === 'redis' ? 'worker-kill' : 'worker-kill-postgres',
  fault:
    `every ${everyMs / 1_000} s, one of three workers is chosen at random and killed (SIGKILL)` +
    (queue === 'redis' ? '' : '; the queue is on PostgreSQL'),
  promise:
    'another worker commits the batches of a killed worker within ' +
    (queue === 'redis' ? '20 s, and 95 % of them within 15 s' : '25 s, and 95 % of them within 20 s'),
  away: ['worker'],
  async run(lab, { farm: open, pick }) {
    const farm = await open(queue === 'redis' ? {} : { redis: null })
    await farm.coordinator()
    const workers = await Promise.all([farm.worker(), farm.worker(), farm.worker()])
    const recovery = new Recovery(farm)
    const kills = lab.times(queue === 'redis' ? 200 : 40)
    let done = 0
    const starting = new Set<Member>()
    await farm.during(baseSweep(lab.seed, Math.max(96, lab.times(240))), async () => {
      while (done < kills) {
        await delay(everyMs)
        const alive = workers.filter((worker) => !starting.has(worker))
        const victim = alive[pick(alive.length)]
        if (victim === undefined) continue
        const id = victim.id!
        const atMs = Date.now()
        await victim.kill()
        farm.mark('worker killed')
        done++
        starting.add(victim)
        await recovery.killed(id, atMs)
        void victim.start().then(() => starting.delete(victim))
      }
      await farm.until('all workers back', () => starting.size === 0)
    })
    await farm.settled()
    const sorted = recovery.seconds.toSorted((a, b) => a - b)
    const [p95, max] = [quantile(sorted, 0.95), sorted.at(-1) ?? 0]
    const begun = recovery.begunSeconds.toSorted((a, b) => a - b)
    const notes = [
      `time from a kill until another worker began the batch: ${quantile(begun, 0.5).toFixed(1)} s (p50), ` +
        `${quantile(begun, 0.95).toFixed(1)} s (p95)`,
      `for ${recovery.again} batches, the next worker was also killed, and the time counts from the last kill`,
    ]
    const found = { times: done, recoveryS: sorted, notes }
    // A queue on PostgreSQL takes longer to find jobs whose worker is dead.
    const [most95, most] = queue === 'redis' ? [15, 20] : [20, 25]
    if (sorted.length > 0 && (p95 > most95 || max > most))
      throw new Broken(
        [`recovery of ${sorted.length} batches: p95 ${p95.toFixed(1)} s, max ${max.toFixed(1)} s`],
        found,
      )
    return found
  },
})

/** Stages of a bundle at which a worker dies, and how often it passes each in a bundle of six batches. */
const stages: readonly Stage[] = ['leased', 'ran', 'written', 'committed', 'acked']

/** The moment of the crash, as a part of a sentence. */
const moments: Readonly<Record<Stage, string>> = {
  leased: 'after it has leased a bundle',
  ran: 'after it has computed a batch',
  written: 'while a commit is in progress',
  committed: 'after a commit',
  acked: 'after it has acknowledged a job',
}

const crashAt = (stage: Stage): Row => ({
  name: `crash-${stage}`,
  fault: `a worker kills itself ${moments[stage]}`,
  promise: 'no batch is committed twice',
  away: ['worker'],
  async run(lab, { farm: open }) {
    const farm = await open()
    await farm.coordinator()
    const every = stage === 'ran' ? 9 : 3
    const workers = await Promise.all(
      Array.from({ length: 3 }, () => farm.instrumentedWorker({ faults: { at: stage, every, action: 'exit' } })),
    )
    const wanted = lab.times(20)
    let crashes = 0
    const tend = async (): Promise<void> => {
      for (const worker of workers) {
        if (worker.isAlive) continue
        crashes++
        farm.mark(`crash: ${stage}`)
        await worker.start()
      }
    }
    await farm.during(baseSweep(lab.seed + 1, 60), async () => {
      while (crashes < wanted) {
        await tend()
        await delay(20)
      }
      // The last worker must stay alive, or no sweep would end.
      await farm.worker()
      for (const worker of workers) await worker.kill()
    })
    await farm.settled()
    const duplicates = workers.flatMap(({ tales }) => tales).filter(({ ending }) => ending === 'duplicate').length
    return { times: crashes, duplicates }
  },
})

const terminated: Row = {
  name: 'worker-term',
  fault: 'one of three workers is chosen at random and receives SIGTERM',
  promise: 'the worker ends within 10 s with code 0, and the batches that it returns do not count as failures',
  away: ['worker'],
  async run(lab, { farm: open, pick }) {
    const farm = await open()
    await farm.coordinator()
    const workers = await Promise.all([farm.worker(), farm.worker(), farm.worker()])
    const times = lab.times(20)
    const seconds: number[] = []
    await farm.during(baseSweep(lab.seed + 1, 60), async () => {
      for (let time = 0; time < times; time++) {
        await delay(500)
        const victim = workers[pick(3)]!
        const began = Date.now()
        victim.signal('SIGTERM')
        farm.mark('SIGTERM')
        const { code, signal } = await victim.gone(20_000)
        seconds.push((Date.now() - began) / 1_000)
        must(code === 0, `after SIGTERM a worker ended with ${code ?? signal}: ${victim.tail}`)
        await victim.start()
      }
    })
    await farm.settled()
    const most = Math.max(...seconds)
    must(most <= 12, `a worker took ${most.toFixed(1)} s to end`)
    const [{ n } = { n: 0 }] = await farm.query<{ n: number }>('select count(*)::int as n from farm.failure')
    must(n === 0, `${n} batches count as failed or as lost with their worker`)
    return { times, notes: [`the slowest worker took ${most.toFixed(1)} s to end`] }
  },
}

const frozen: Row = {
  name: 'worker-stop',
  fault: 'two of four workers at a time are stopped for 15 s (SIGSTOP) and then continued',
  promise: 'the other workers compute the batches of the stopped workers, and late commits change nothing',
  away: [],
  async run(lab, { farm: open }) {
    const farm = await open()
    await farm.coordinator()
    const workers: Member[] = []
    for (let worker = 0; worker < 4; worker++) workers.push(await farm.instrumentedWorker({}))
    const times = lab.times(20)
    let done = 0
    await farm.during(baseSweep(lab.seed + 1, 60), async () => {
      for (let round = 0; done < times; round++) {
        const two = [workers[(2 * round) % 4]!, workers[(2 * round + 1) % 4]!]
        await farm.until('both are at work', async () => {
          const [row] = await farm.query<{ n: number }>(
            'select count(distinct worker_id)::int as n from farm.bundle where worker_id = any($1)',
            [two.map(({ id }) => id)],
          )
          return row!.n === 2
        })
        for (const worker of two) worker.signal('SIGSTOP')
        farm.mark('two workers stopped')
        await delay(15_000)
        for (const worker of two) worker.signal('SIGCONT')
        farm.mark('and continued')
        done += two.length
        await delay(1_500)
      }
    })
    await farm.settled()
    const duplicates = workers.flatMap(({ tales }) => tales).filter(({ ending }) => ending === 'duplicate').length
    return { times: done, duplicates }
  },
}

const otherBytes: Row = {
  name: 'other-bytes',
  fault: 'one worker computes different results, and every job is delivered three times',
  promise: 'the sweep is stopped with DETERMINISM_VIOLATION, which names the cell, and never becomes `complete`',
  away: [],
  async run(lab, { farm: open }) {
    const queues = [0, 1, 2]
    const farm = await open({ queues: [1, 2] })
    await farm.instrumentedCoordinator({ queues, bundle: 2 })
    for (let worker = 0; worker < 3; worker++) await farm.instrumentedWorker({ queues, wrong: worker === 0 })
    const id = await farm.submit(baseSweep(lab.seed + 2, 24))
    await farm.until('the sweep ends', async () => !['planned', 'running'].includes(await farm.state(id)), 120)
    const [row] = await farm.query<{ state: string; reason: string | null }>(
      'select state, reason from farm.sweep where id = $1',
      [id],
    )
    must(row?.state === 'stopped', `the sweep is ${row?.state}, though trials gave two different results`)
    must(row?.reason?.includes('DETERMINISM_VIOLATION') === true, `the reason is ${row?.reason}`)
    return { times: 1 }
  },
}

export const workerRows: readonly Row[] = [
  workerKilled('redis'),
  workerKilled('postgres'),
  ...stages.map(crashAt),
  terminated,
  frozen,
  otherBytes,
]
