import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@driftfarm/database'
import { root, start } from '@driftfarm/testing/command'
import { type PostgresOptions, type PrivatePostgres, startPostgres } from '@driftfarm/testing/postgres'
import { withClient } from '../../packages/database/src/connect.ts'
import { createQueueFactory } from '../../packages/queue/src/index.ts'
import { KERNEL_VERSION } from '../../packages/spec/src/index.ts'
import type { Build } from './build.ts'
import type { Reference } from './check.ts'
import type { Given } from './sweeps.ts'

const template = 'template_chaos'

/** Settings of a farm's own server, as `infra/postgres/postgresql.conf` has them. */
const farmServer = {
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '1GB',
  // By what is in the log a row that fails can be understood (DRIFTFARM_KEEP_LOGS).
  log_lock_waits: 'on',
  log_min_error_statement: 'error',
}

/** A farm's PostgreSQL, with a migrated database to be copied. */
export class Server {
  private databases = 0

  private constructor(readonly postgres: PrivatePostgres) {}

  static async start(options: PostgresOptions = {}): Promise<Server> {
    const postgres = await startPostgres({ ...options, settings: { ...farmServer, ...options.settings } })
    const server = new Server(postgres)
    await server.administer(`create database ${template}`)
    await migrate(postgres.url(template))
    const queue = createQueueFactory({ databaseUrl: postgres.url(template), kernelVersion: KERNEL_VERSION })
    await queue.migrate()
    await queue.close()
    return server
  }

  async administer(statement: string): Promise<void> {
    await withClient(this.postgres.url(), (client) => client.query(statement))
  }

  /** The address of a new database. */
  async database(): Promise<string> {
    const name = `farm_${++this.databases}`
    await this.administer(`create database ${name} template ${template}`)
    return this.postgres.url(name)
  }

  close(): Promise<void> {
    return this.postgres.close()
  }
}

export interface LabOptions {
  readonly seed: number
  readonly scale: number
  readonly say: (line: string) => void
  /** Whether it is noted what people are told. */
  readonly witness?: boolean
  /** In place of an undisturbed run of the command: the digests by whatever else computes them. */
  readonly referenceOf?: (given: Given) => Reference
  /** What the processes are; by default the command as it is built. */
  readonly builds: { readonly instrumented: Build; readonly product?: Build }
}

/** Where rows are run: servers, builds, what undisturbed runs gave. */
export class Lab {
  readonly #references = new Map<string, Promise<Reference>>()
  #server: Promise<Server> | null = null
  /** The undisturbed run under way: one at a time. */
  #running: Promise<unknown> = Promise.resolve()
  readonly home = mkdtempSync(join(tmpdir(), 'driftfarm-chaos-'))

  constructor(readonly options: LabOptions) {
    // So that the server of an undisturbed run has its data in here, whoever it runs as.
    chmodSync(this.home, 0o755)
  }

  get seed(): number {
    return this.options.seed
  }

  /** So many, or as many of them as the scale leaves; at least one. */
  times(count: number): number {
    return Math.max(1, Math.round(count * this.options.scale))
  }

  say(line: string): void {
    this.options.say(line)
  }

  /** The server that rows share which do no harm to it. */
  server(): Promise<Server> {
    this.#server ??= Server.start()
    return this.#server
  }

  /** The command, and the processes with instruments. */
  program(name: 'driftfarm' | 'chaosWorker' | 'chaosCoordinator'): string {
    const { instrumented, product } = this.options.builds
    if (name !== 'driftfarm') return join(instrumented.folder, `${name}.js`)
    return product === undefined ? join(root, 'packages/cli/bin/driftfarm.js') : join(product.folder, 'driftfarm.js')
  }

  /** The digest of each cell as a farm computes it with which nothing happens: embedded, by the built command. */
  reference(given: Given): Promise<Reference> {
    const { text } = given
    const known = this.#references.get(text)
    if (known !== undefined) return known
    const { referenceOf } = this.options
    const found = referenceOf === undefined ? this.#inTurn(text) : Promise.resolve(referenceOf(given))
    this.#references.set(text, found)
    return found
  }

  #inTurn(text: string): Promise<Reference> {
    const found = this.#running.then(() => this.#undisturbed(text))
    this.#running = found.catch(() => undefined)
    return found
  }

  async #undisturbed(text: string): Promise<Reference> {
    const file = join(this.home, 'reference.json')
    writeFileSync(file, text)
    const run = start(['run', file, '--json', '--threads', '2'], { home: join(this.home, 'reference') })
    const { code, stdout, stderr } = await run.finished
    if (code !== 0) throw new Error(`the undisturbed run ended with ${code}: ${stderr}`)
    const { data } = JSON.parse(stdout) as { data: { cells: { id: string; digest: string }[] } }
    return new Map(data.cells.map(({ id, digest }) => [id, digest]))
  }

  /** The same lab with other processes. */
  with(builds: LabOptions['builds'], seed: number, scale: number): Lab {
    const other = new Lab({ ...this.options, witness: false, builds, seed, scale })
    other.#server = this.server()
    for (const [text, reference] of this.#references) other.#references.set(text, reference)
    return other
  }

  async close(): Promise<void> {
    if (this.#server !== null) await (await this.#server).close()
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}
