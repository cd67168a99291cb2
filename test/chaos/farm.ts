import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Database, isRetryable, openDatabase, removeSweep, submitSweep } from '@driftfarm/database'
import { type PrivateRedis, type RedisOptions, startRedis } from '@driftfarm/testing/redis'
import { createQueueFactory, type QueueFactory } from '../../packages/queue/src/index.ts'
import { KERNEL_VERSION } from '../../packages/spec/src/index.ts'
import { type Audit, auditSweep, Broken, failuresOf, leftOver } from './check.ts'
import type { LeaderInstruments, WorkerInstruments } from './entries/instruments.ts'
import type { Lab, Server } from './lab.ts'
import { Member } from './processes.ts'
import { batch, type Given, plannedTrials } from './sweeps.ts'
import { Witness } from './witness.ts'

export interface FarmOptions {
  /** Null: the queue is on PostgreSQL. */
  readonly redis?: RedisOptions | null
  readonly server?: Server
  /** Whether a witness records messages about the farm. */
  readonly witness?: boolean
  /** Whether the witness also starts clients that wait for its sweeps. */
  readonly clients?: boolean
  /** Numbers of further queues that must be empty at the end. */
  readonly queues?: readonly number[]
}

export interface MemberOptions {
  readonly name?: string
  readonly env?: Readonly<Record<string, string>>
  /** More arguments of the command. */
  readonly more?: readonly string[]
  readonly flags?: readonly string[]
}

/** A moment at which the test disturbed the farm. */
export interface Mark {
  readonly atMs: number
  readonly what: string
}

/** A farm of real processes on a database of its own. */
export class Farm {
  readonly members: Member[] = []
  readonly marks: Mark[] = []
  readonly audits: Audit[] = []
  /** Called before an ended sweep is audited. */
  readonly beforeAudit: (() => Promise<unknown>)[] = []
  /** Called when the farm is closed, after its processes have ended. */
  readonly closing: (() => Promise<unknown>)[] = []
  /** Records the messages that users see. */
  witness: Witness | null = null
  sweeps = 0

  private constructor(
    readonly lab: Lab,
    readonly server: Server,
    readonly url: string,
    readonly redis: PrivateRedis | null,
    readonly database: Database,
    readonly queues: readonly QueueFactory[],
  ) {}

  static async open(
    lab: Lab,
    { redis = {}, server, queues = [], witness = false, clients = true }: FarmOptions = {},
  ): Promise<Farm> {
    const where = server ?? (await lab.server())
    const url = await where.database()
    const private_ = redis === null ? null : await startRedis(redis)
    const database = await openDatabase({ url, max: 4, name: 'chaos' })
    const factories = [0, ...queues].map((number) =>
      createQueueFactory({
        databaseUrl: url,
        redisUrl: private_?.url,
        kernelVersion: KERNEL_VERSION + 1_000 * number,
      }),
    )
    const farm = new Farm(lab, where, url, private_, database, factories)
    if (witness) await farm.watched(undefined, clients)
    return farm
  }

  /** Starts a witness. `http` is the API for its clients; by default an API that no fault affects. */
  async watched(http?: { readonly url: string; readonly token: string }, clients = true): Promise<void> {
    const { env, lab } = this
    this.witness = await Witness.open({ program: lab.program('driftfarm'), env, clients, http })
  }

  get queue(): QueueFactory {
    return this.queues[0]!
  }

  get env(): Record<string, string> {
    const home = join(this.lab.home, 'members')
    mkdirSync(home, { recursive: true })
    return {
      DATABASE_URL: this.url,
      DRIFTFARM_HOME: home,
      ...(this.redis === null ? {} : { REDIS_URL: this.redis.url }),
    }
  }

  /** Records that the test disturbs the farm now. */
  mark(what: string): void {
    this.marks.push({ atMs: Date.now(), what })
  }

  async #join(file: string, arguments_: readonly string[], kind: string, options: MemberOptions): Promise<Member> {
    const { name = `${kind} ${this.members.length + 1}`, env = {}, flags = [] } = options
    const member = new Member(name, { file, arguments_, env: { ...this.env, ...env }, flags })
    this.members.push(member)
    await member.start()
    return member
  }

  /** `driftfarm worker`. */
  worker(options: MemberOptions & { readonly threads?: number } = {}): Promise<Member> {
    const { threads = 1, more = [] } = options
    const arguments_ = ['worker', '--threads', String(threads), ...more]
    return this.#join(this.lab.program('driftfarm'), arguments_, 'worker', options)
  }

  /** `driftfarm coordinator`. */
  coordinator(options: MemberOptions = {}): Promise<Member> {
    const { more = ['--batch', String(batch), '--no-http'] } = options
    return this.#join(this.lab.program('driftfarm'), ['coordinator', ...more], 'coordinator', options)
  }

  instrumentedWorker(instruments: WorkerInstruments, options: MemberOptions = {}): Promise<Member> {
    return this.#join(this.lab.program('chaosWorker'), [JSON.stringify(instruments)], 'worker', options)
  }

  instrumentedCoordinator(instruments: LeaderInstruments, options: MemberOptions = {}): Promise<Member> {
    const all = JSON.stringify({ batch, seed: this.lab.seed, ...instruments })
    return this.#join(this.lab.program('chaosCoordinator'), [all], 'coordinator', options)
  }

  /** Runs a command of the product to its end. */
  async command(arguments_: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const member = new Member(arguments_.join(' '), {
      file: this.lab.program('driftfarm'),
      arguments_,
      env: { ...this.env, ...env },
    })
    await member.start({ untilReady: false })
    const ended = await member.gone(300_000)
    return { code: ended.code, words: member.words }
  }

  query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return insisting(async () => (await this.database.pool.query<Row>(sql, [...values])).rows)
  }

  /** Submits a sweep as the command does; when this resolves, the farm has acknowledged it. Returns its id. */
  async submit(given: Given): Promise<string> {
    const { sweep, text } = given
    const { id } = await insisting(() => submitSweep(this.database, sweep, text, { runner: null }))
    this.sweeps++
    // Follow the main sweep of the row, not the small ones.
    if (this.sweeps === 1 || plannedTrials(given) >= 5 * batch) await this.witness?.follow(id, this.file(given))
    return id
  }

  async state(id: string): Promise<string> {
    const [row] = await this.query<{ state: string }>('select state from farm.sweep where id = $1', [id])
    return row?.state ?? 'not there'
  }

  /** Number of stored trials. */
  async stored(): Promise<number> {
    const [row] = await this.query<{ n: number }>('select coalesce(sum(count), 0)::float8 as n from farm.batch')
    return row!.n
  }

  /** Waits until the condition is true. After the time limit it throws a description of the state of the farm. */
  async until(what: string, condition: () => Promise<boolean> | boolean, limitS = 180): Promise<void> {
    for (const end = Date.now() + 1_000 * limitS; !(await condition()); await delay(50))
      if (Date.now() > end) throw new Broken([`${what}: not reached within ${limitS} s; ${await this.story()}`])
  }

  async story(): Promise<string> {
    const rows = await this.query<object>(
      `select (select json_agg(json_build_object('state', state, 'reason', reason)) from farm.sweep) as sweeps,
              (select count(*)::int from farm.batch) as done, (select count(*)::int from farm.pending) as pending,
              (select count(*)::int from farm.bundle) as bundles`,
    ).catch((error: Error) => error.message)
    const words = this.members.map((member) => `${member.name}${member.isAlive ? '' : ' (dead)'}: ${member.tail}`)
    return `${JSON.stringify(rows)}; ${words.join('; ')}`
  }

  async complete(id: string, limitS = 300): Promise<void> {
    await this.until(
      `sweep ${id} complete`,
      async () => {
        const state = await this.state(id)
        if (!['planned', 'running', 'complete'].includes(state)) {
          const [row] = await this.query<{ reason: string }>('select reason from farm.sweep where id = $1', [id])
          throw new Broken([`sweep ${id} is ${state}: ${row?.reason}`])
        }
        return state === 'complete'
      },
      limitS,
    )
    await this.witness?.ends(id)
  }

  async audit(id: string, given: Given, options: { readonly state?: string } = {}): Promise<Audit> {
    for (const look of this.beforeAudit) await look()
    const reference = await this.lab.reference(given)
    const audit = await insisting(() => auditSweep(this.database, id, given, reference, options))
    this.audits.push(audit)
    if (audit.violations.length > 0) throw new Broken(audit.violations)
    return audit
  }

  /**
   * Keeps a sweep running during the faults, and waits for the last one to end. Each ended sweep is audited, removed
   * and submitted again, so that the same trials are computed once more.
   */
  async during(given: Given, faults: () => Promise<void>): Promise<void> {
    await this.lab.reference(given)
    let over = false
    const keeping = (async () => {
      for (;;) {
        const id = await this.submit(given)
        await this.complete(id)
        await this.audit(id, given)
        if (over) return
        await this.remove(id)
      }
    })()
    const happening = faults().finally(() => {
      over = true
    })
    await Promise.all([happening, keeping])
  }

  async remove(id: string): Promise<void> {
    await insisting(() => removeSweep(this.database, id))
  }

  /** Checks the end state: no batch failed, and ledger and queue are empty. */
  async settled({ failures = false }: { readonly failures?: boolean } = {}): Promise<void> {
    const failed = failures ? [] : await failuresOf(this.database)
    if (failed.length > 0) throw new Broken(failed)
    let left: string[] = []
    // A job of a dead worker stays locked for ten seconds, and stalled jobs are checked every five.
    for (const end = Date.now() + 30_000; Date.now() < end; await delay(250)) {
      left = await leftOver(this.database, this.queues)
      if (left.length === 0) return
    }
    throw new Broken(left)
  }

  /** Writes a spec to a file for commands. */
  file({ text, sweep }: Given): string {
    const path = join(this.lab.home, `${sweep.name}.json`)
    writeFileSync(path, text)
    return path
  }

  async close(): Promise<void> {
    await this.witness?.close()
    for (const member of this.members) member.signal('SIGCONT')
    await Promise.all(this.members.map((member) => member.kill()))
    for (const close of this.closing) await close().catch(() => undefined)
    await Promise.all(this.queues.map((queue) => queue.close().catch(() => undefined)))
    await this.database.close().catch(() => undefined)
    await this.redis?.close()
  }
}

/** Repeats work that fails while the server is down, because the test must survive its own faults. */
async function insisting<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!isRetryable(error) || tries > 300) throw error
      await delay(100)
    }
  }
}
