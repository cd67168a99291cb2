import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Database, openDatabase, startEmbedded, submitSweep } from '@driftfarm/database'
import { parseSweep } from '@driftfarm/spec'
import { root } from '@driftfarm/testing/command'
import { serverPid, temporaryFolder } from '@driftfarm/testing/folder'
import { type Pgbouncer, startPgbouncer } from '@driftfarm/testing/pgbouncer'
import { type PrivateRedis, startRedis } from '@driftfarm/testing/redis'
import { oneWell } from '@driftfarm/testing/spec'
import { environment, said, serverSeconds, type Timed, timed, Watched } from '../sweeps/processes.ts'

const build = join(root, 'packages/cli/bin/driftfarm.js')

/** A farm of real processes of the built command: PostgreSQL, Redis, a coordinator, and workers that are added. */
export class BenchFarm {
  readonly #children: ChildProcess[] = []
  readonly #watched: Watched[] = []
  readonly #queue: Watched

  private constructor(
    readonly database: Database,
    private readonly server: { readonly url: string; close(): Promise<void> },
    private readonly redis: PrivateRedis,
    private readonly bouncer: Pgbouncer | null,
    private readonly folder: { readonly path: string; remove(): void },
  ) {
    this.#queue = new Watched(redis.pid)
  }

  /** With a PgBouncer of so many connections to PostgreSQL before the workers, where that is given. */
  static async start({ pool }: { readonly pool?: number } = {}): Promise<BenchFarm> {
    const folder = temporaryFolder('driftfarm-bench-')
    const redis = await startRedis()
    const server = await startEmbedded({ home: folder.path })
    const settings = { max_client_conn: 10_000, default_pool_size: pool ?? 0 }
    const bouncer = pool === undefined ? null : await startPgbouncer(server.url, { settings })
    const database = await openDatabase({ url: server.url, max: 4, name: 'bench' })
    const farm = new BenchFarm(database, server, redis, bouncer, folder)
    await farm.#join(['coordinator', '--no-http'], server.url)
    return farm
  }

  /** Processor time in seconds of PostgreSQL, of Redis and of all processes of the command so far. */
  get used(): Readonly<Record<'server' | 'queue' | 'coordinator' | 'workers', number>> {
    const [coordinator = 0, ...workers] = this.#watched.map(({ used }) => used.cpuSeconds)
    return {
      server: serverSeconds(serverPid(this.folder.path)),
      queue: this.#queue.used.cpuSeconds,
      coordinator,
      workers: workers.reduce((sum, seconds) => sum + seconds, 0),
    }
  }

  /** Starts a worker, and waits until it is ready. */
  async worker(threads: number): Promise<void> {
    const url = this.bouncer === null ? this.server.url : this.bouncer.through(this.server.url)
    await this.#join(['worker', '--threads', String(threads)], url)
  }

  async #join(arguments_: readonly string[], url: string): Promise<void> {
    const env = environment(this.folder.path, { DATABASE_URL: url, REDIS_URL: this.redis.url })
    const child = spawn(process.execPath, [build, ...arguments_], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    this.#children.push(child)
    await said(child.stderr, 'ready')
    child.stderr.resume()
    this.#watched.push(new Watched(child.pid!))
  }

  /** Peak memory of the worker that needed most, in MB. */
  get peakMB(): number {
    return Math.max(...this.#watched.slice(1).map(({ used }) => used.peakMB))
  }

  /** Runs a command of a client to its end. */
  async run(arguments_: readonly string[]): Promise<Timed> {
    const env = environment(this.folder.path, { DATABASE_URL: this.server.url, REDIS_URL: this.redis.url })
    return timed({ build, arguments_, env, folder: this.folder.path }, serverPid(this.folder.path))
  }

  async submit(spec: object): Promise<string> {
    const text = JSON.stringify(spec)
    const { id } = await submitSweep(this.database, parseSweep(text, { fileName: 'bench.json' }), text, {
      runner: null,
    })
    return id
  }

  async rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.database.pool.query<Row>(sql, [...values])).rows
  }

  async close(): Promise<void> {
    for (const watched of [...this.#watched, this.#queue]) watched.stop()
    for (const child of this.#children) child.kill('SIGKILL')
    await this.database.close()
    await this.bouncer?.close()
    await this.server.close()
    await this.redis.close()
    this.folder.remove()
  }
}

/** One cell of the double well without rows, with as many trials as are asked for. */
export const benchSpec = (change: Readonly<Record<string, unknown>>): object =>
  oneWell({ name: 'bench', trial: { steps: 1000, escape: 'x >= 0' }, record: 'none', ...change })
