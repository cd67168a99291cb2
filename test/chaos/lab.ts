import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@driftfarm/database'
import { root, start } from '@driftfarm/testing/command'
import { type PostgresOptions, type PrivatePostgres, startPostgres } from '@driftfarm/testing/postgres'
import { withClient } from '../../packages/database/src/connection/connect.ts'
import { createQueueFactory } from '../../packages/queue/src/index.ts'
import { KERNEL_VERSION } from '../../packages/spec/src/index.ts'
import type { Build } from './build.ts'
import type { Reference } from './check.ts'
import type { Given } from './sweeps.ts'

const template = 'template_chaos'

/** Settings of the server of a farm, as in `infra/postgres/postgresql.conf`. */
const farmServer = {
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '1GB',
  // These entries of the log help to understand a failed row (DRIFTFARM_KEEP_LOGS).
  log_lock_waits: 'on',
  log_min_error_statement: 'error',
}

/** The PostgreSQL server of a farm, with a migrated template database. */
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

  /** Creates a database and returns its URL. */
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
  /** Whether a witness records the messages that users see. */
  readonly witness?: boolean
  /** Computes the reference digests, instead of an undisturbed run of the command. */
  readonly referenceOf?: (given: Given) => Reference
  /** The builds of the processes; by default the usual build of the command. */
  readonly builds: { readonly instrumented: Build; readonly product?: Build }
}

/** The environment of rows: servers, builds, and digests of undisturbed runs. */
export class Lab {
  readonly #references = new Map<string, Promise<Reference>>()
  #server: Promise<Server> | null = null
  /** The current undisturbed run; only one runs at a time. */
  #running: Promise<unknown> = Promise.resolve()
  readonly home = mkdtempSync(join(tmpdir(), 'driftfarm-chaos-'))

  constructor(readonly options: LabOptions) {
    // Lets the server of an undisturbed run, under any account, store its data here.
    chmodSync(this.home, 0o755)
  }

  get seed(): number {
    return this.options.seed
  }

  /** The count times the scale, at least one. */
  times(count: number): number {
    return Math.max(1, Math.round(count * this.options.scale))
  }

  say(line: string): void {
    this.options.say(line)
  }

  /** The server that rows share if they do not disturb it. */
  server(): Promise<Server> {
    this.#server ??= Server.start()
    return this.#server
  }

  /** The file of the command or of an instrumented process. */
  program(name: 'driftfarm' | 'chaosWorker' | 'chaosCoordinator'): string {
    const { instrumented, product } = this.options.builds
    if (name !== 'driftfarm') return join(instrumented.folder, `${name}.js`)
    return product === undefined ? join(root, 'packages/cli/bin/driftfarm.js') : join(product.folder, 'driftfarm.js')
  }

  /** The digest of each cell from an undisturbed run: embedded, with the built command. */
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

  /** The same lab with other builds. */
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
