import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Database, invariants, openDatabase, startEmbedded, submitSweep } from '@driftfarm/database'
import { parseSweep } from '@driftfarm/spec'
import { root } from '@driftfarm/testing/command'
import { serverPid, temporaryFolder } from '@driftfarm/testing/folder'
import { startPgbouncer } from '@driftfarm/testing/pgbouncer'
import { startRedis } from '@driftfarm/testing/redis'
import { printTable } from '../kernel/measure.ts'
import { benchSpec } from '../processes/farm.ts'
import { environment, said, serverSeconds, Watched } from '../sweeps/processes.ts'

// What one server and one coordinator hold: many simulated workers on real Redis and PostgreSQL, by a real PgBouncer.
// Only the kernel is replaced, by a timer.
//
//     npm run bench workers -- --workers 1000 --threads 4 --seconds 60
//
// First as the farm does it, with bundles that grow with the threads; then with shorter ones, until more is asked than
// can be committed: the rate at which it saturates.

const build = join(root, 'packages/cli/bin/driftfarm.js')
const program = fileURLToPath(new URL('./worker.ts', import.meta.url))

interface Done {
  readonly bundles: number
  readonly batches: number
  readonly trials: number
  readonly busySeconds: number
  /** How often each was met. */
  readonly troubles: Readonly<Record<string, number>>
}

export async function benchWorkers(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      workers: { type: 'string', default: '1000' },
      threads: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '60' },
      processes: { type: 'string', default: '4' },
      trial: { type: 'string', default: '0.0001' },
      rates: { type: 'string', default: '250,500,1000' },
    },
  })
  const size = {
    workers: Number(values.workers),
    threads: Number(values.threads),
    seconds: Number(values.seconds),
    processes: Number(values.processes),
    secondsPerTrial: Number(values.trial),
  }
  const rows = []
  for (const rate of values.rates.split(','))
    rows.push([rate, ...(await measured(size, ['--bundles-per-second', rate]))])
  printTable(
    `${size.workers} simulated workers of ${size.threads} threads, ${size.seconds} s each`,
    [
      'bundles/s requested',
      'threads busy',
      'bundles/s committed',
      'batches per bundle',
      'thread seconds per bundle',
      'cores used by PostgreSQL',
      'cores used by the coordinator',
      'memory of the coordinator, MB',
      'accounting',
    ],
    rows,
  )
}

type Size = Readonly<Record<'workers' | 'threads' | 'seconds' | 'processes' | 'secondsPerTrial', number>>

async function measured(size: Size, leaderOptions: readonly string[]): Promise<string[]> {
  const folder = temporaryFolder('driftfarm-bench-')
  const redis = await startRedis()
  const server = await startEmbedded({ home: folder.path })
  const bouncer = await startPgbouncer(server.url, { settings: { max_client_conn: 10_000, default_pool_size: 40 } })
  const database = await openDatabase({ url: server.url, max: 2 })
  const children: ChildProcess[] = []
  try {
    const env = { ...environment(folder.path), DATABASE_URL: server.url, REDIS_URL: redis.url }
    const leader = spawn(process.execPath, [build, 'coordinator', '--no-http', ...leaderOptions], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    children.push(leader)
    await said(leader.stderr, 'ready')
    const watched = new Watched(leader.pid!)
    const each = Math.ceil(size.workers / size.processes)
    const simulators = Array.from({ length: size.processes }, (_, place) =>
      simulator({
        databaseUrl: bouncer.through(server.url),
        redisUrl: redis.url,
        first: place * each,
        workers: Math.min(each, size.workers - place * each),
        threads: size.threads,
        secondsPerTrial: size.secondsPerTrial,
      }),
    )
    children.push(...simulators.map(({ child }) => child))
    await Promise.all(simulators.map(({ ready }) => ready))
    const id = await submitted(database)
    // Until bundles have their size: the first ones are small, since nothing is known of the cost.
    await delay(30_000)
    const pid = serverPid(folder.path)
    const sum = (of: (done: Done) => number): number => simulators.reduce((total, { done }) => total + of(done()), 0)
    const at = () => ({
      bundles: sum(({ bundles }) => bundles),
      batches: sum(({ batches }) => batches),
      busy: sum(({ busySeconds }) => busySeconds),
      server: serverSeconds(pid),
      leader: watched.used.cpuSeconds,
      ms: performance.now(),
    })
    const before = at()
    await delay(1_000 * size.seconds)
    const after = at()
    const seconds = (after.ms - before.ms) / 1_000
    const rate = (what: keyof typeof before): number => (after[what] - before[what]) / seconds
    const { peakMB } = watched.used
    watched.stop()
    const ends = await Promise.all(simulators.map(({ end }) => end()))
    const committed = ends.reduce((total, { trials }) => total + trials, 0)
    const { rows } = await database.pool.query<{ trials: string }>(
      'select coalesce(sum(count), 0)::text as trials from farm.batch',
    )
    const { I2, I4 } = await invariants(database, id)
    const exact = Number(rows[0]!.trials) === committed && I2.length + I4.length === 0
    for (const { troubles } of ends)
      for (const [trouble, times] of Object.entries(troubles)) console.log(`${times} times: ${trouble}`)
    const threads = size.workers * size.threads
    return [
      `${((100 * rate('busy')) / threads).toFixed(1)} %`,
      rate('bundles').toFixed(0),
      (rate('batches') / rate('bundles')).toFixed(1),
      (rate('busy') / rate('bundles')).toFixed(1),
      rate('server').toFixed(2),
      rate('leader').toFixed(2),
      peakMB.toFixed(0),
      exact
        ? `exact: ${committed} trials`
        : `${rows[0]!.trials} stored, ${committed} committed; ${[...I2, ...I4].length} violations`,
    ]
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await database.close()
    await bouncer.close()
    await server.close()
    await redis.close()
    folder.remove()
  }
}

function simulator(given: object) {
  // Hundreds of workers share its heap: with the room of one, collecting garbage takes a tenth of its time.
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=64', '--import', 'tsx', program, JSON.stringify(given)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  let done: Done = { bundles: 0, batches: 0, trials: 0, busySeconds: 0, troubles: {} }
  const lines = createInterface({ input: child.stdout })
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line === 'ready') resolve()
      else done = JSON.parse(line) as Done
    })
  })
  return {
    child,
    ready,
    done: () => done,
    async end(): Promise<Done> {
      child.stdin.write('end\n')
      await once(lines, 'close')
      return done
    },
  }
}

/** 100 cells of more trials than all workers can do. */
async function submitted(database: Database): Promise<string> {
  const text = JSON.stringify(
    benchSpec({
      name: 'many-workers',
      sweep: { 'update.drift.sigma': { from: 0.5, to: 1.5, count: 100 } },
      trials: 1_000_000_000,
    }),
  )
  const { id } = await submitSweep(database, parseSweep(text, { fileName: 'spec.json' }), text, { runner: null })
  return id
}
