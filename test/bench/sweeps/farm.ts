import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase, startEmbedded } from '@driftfarm/database'
import { serverPid, temporaryFolder } from '@driftfarm/testing/folder'
import { startRedis } from '@driftfarm/testing/redis'
import { printTable } from '../kernel/measure.ts'
import { type Build, environment, startCommand, type Timed, timed, type Used, Watched } from './processes.ts'
import { type Size, writeSweep } from './sizes.ts'

/** The processes that a farm has beside its client: one leads, two compute with a thread each. */
const processes: Readonly<Record<string, readonly string[]>> = {
  coordinator: ['coordinator'],
  'worker 1': ['worker', '--threads', '1'],
  'worker 2': ['worker', '--threads', '1'],
}

/** What a sweep took of a farm. */
interface OnFarm {
  readonly start: Timed
  readonly client: Timed
  readonly processes: Readonly<Record<string, Used>>
}

/**
 * The sweeps on a farm of processes with a Redis and a PostgreSQL database of its own, which is as durable as an
 * embedded one: seconds of the client from start to end, and memory and processor time of every process. Each size has
 * a new farm, since what a process has needed most is never less.
 */
export async function onFarm(builds: readonly Build[], sizes: readonly Size[]): Promise<void> {
  for (const size of sizes) {
    const rows: string[][] = []
    for (const build of builds) {
      const found = await measure(build, size)
      rows.push(...rowsOf(build, size, found))
    }
    printTable(
      `${size.cells.toLocaleString('en')} cells, ${size.trials} trials each, on a farm with two workers of one ` +
        'thread each',
      ['', 'total s', 'start-up s', 'ms per cell', 'CPU s', 'PostgreSQL CPU ms per cell', 'peak MB'],
      rows,
    )
  }
}

function rowsOf({ name }: Build, { cells }: Size, { start, client, processes }: OnFarm): string[][] {
  const beyond = (of: 'seconds' | 'serverSeconds') => ((1000 * (client[of] - start[of])) / cells).toFixed(3)
  const used = ({ cpuSeconds, peakMB }: Used) => [cpuSeconds.toFixed(1), peakMB.toFixed(0)] as const
  const [clientCpu, clientPeak] = used(client)
  const times = [client.seconds.toFixed(2), start.seconds.toFixed(2), beyond('seconds')]
  return [
    [`run${name}`, ...times, clientCpu, beyond('serverSeconds'), clientPeak],
    ...Object.entries(processes).map(([process, each]) => {
      const [cpu, peak] = used(each)
      return [process + name, '', '', '', cpu, '', peak]
    }),
  ]
}

/** A new farm computes a sweep of one cell, and then one of this size. */
async function measure({ path }: Build, size: Size): Promise<OnFarm> {
  const redis = await startRedis()
  const folder = temporaryFolder('driftfarm-bench-')
  const server = await startEmbedded({ home: folder.path })
  const started: { readonly name: string; readonly child: ChildProcess; readonly watched: Watched }[] = []
  try {
    const postmaster = serverPid(folder.path)
    const env = environment(folder.path, {
      DATABASE_URL: await newDatabase(server.url),
      REDIS_URL: redis.url,
    })
    const command = (name: string, arguments_: readonly string[]) => {
      const own = join(folder.path, name)
      mkdirSync(own, { recursive: true })
      return { build: path, arguments_, env, folder: own }
    }
    await timed(command('migrate', ['db', 'migrate']), postmaster)
    for (const [name, arguments_] of Object.entries(processes)) {
      const child = startCommand(command(name, arguments_))
      started.push({ name, child, watched: new Watched(child.pid!) })
    }
    const run = (name: string, of: Size, seed: number) =>
      timed(command('client', ['run', writeSweep(folder.path, name, of, seed), '--json']), postmaster)
    // The first compiles the module, in whichever worker gets the job; by the third both have loaded it.
    for (const seed of [1, 2, 3]) await run(`first-${seed}`, { ...size, cells: 1 }, seed)
    const start = await run('start', { ...size, cells: 1 }, 4)
    const client = await run('sweep', size, 5)
    const used = started.map(({ name, watched }) => [name, watched.used] as const)
    return { start, client, processes: Object.fromEntries(used) }
  } finally {
    for (const { child, watched } of started) {
      watched.stop()
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await redis.close()
    await server.close()
    folder.remove()
  }
}

/** A database without tables on the server, which the build migrates itself. */
async function newDatabase(url: string): Promise<string> {
  const database = await openDatabase({ url, max: 1 })
  await database.pool.query('create database farm')
  await database.close()
  const changed = new URL(url)
  changed.pathname = '/farm'
  return changed.href
}
