import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import type { Database } from '@driftfarm/database'

/** A statement with its plan as it ran, printed by auto_explain, and its milliseconds. */
export interface Ran {
  readonly ms: number
  readonly text: string
}

/**
 * Times calls by the processor time of their PostgreSQL process, which other work on the machine makes no longer; by
 * the clock where /proc does not tell it. The database must have one connection only.
 */
export class Stopwatch {
  readonly #times = new Map<string, number[]>()
  readonly #plans = new Map<string, Ran>()
  #heard: Ran[] | null = null

  private constructor(
    private readonly database: Database,
    private readonly pid: number,
  ) {}

  static async of(database: Database): Promise<Stopwatch> {
    const client = await database.pool.connect()
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const watch = new Stopwatch(database, rows[0]!.pid)
    client.on('notice', ({ message = '' }) => watch.#hear(message))
    client.release()
    return watch
  }

  /** Runs the work; its microseconds are kept under the name, or its longest statement while plans are listened to. */
  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#heard !== null) this.#heard = []
    const before = microsecondsOf(this.pid)
    const answer = await work()
    const taken = microsecondsOf(this.pid) - before
    if (this.#heard === null) this.#times.set(name, [...(this.#times.get(name) ?? []), taken])
    const [longest] = (this.#heard ?? []).sort((a, b) => b.ms - a.ms)
    if (longest !== undefined) this.#plans.set(name, longest)
    return answer
  }

  /** From now on statements run with their plans told, and are not timed. */
  async listen(): Promise<void> {
    await this.database.pool.query(
      `load 'auto_explain';
       set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on; set auto_explain.log_buffers = on;
       set auto_explain.log_parameter_max_length = 200; set client_min_messages = log`,
    )
    this.#heard = []
  }

  async listenNoMore(): Promise<void> {
    await this.database.pool.query('set auto_explain.log_min_duration = -1; reset client_min_messages')
    this.#heard = null
  }

  /** Median microseconds of each call, in the order in which they were first made. */
  get medians(): ReadonlyMap<string, number> {
    return new Map([...this.#times].map(([name, times]) => [name, median(times)]))
  }

  get plans(): ReadonlyMap<string, Ran> {
    return this.#plans
  }

  #hear(message: string): void {
    const ms = /^duration: ([\d.]+) ms {2}plan:/.exec(message)?.[1]
    if (ms !== undefined) this.#heard?.push({ ms: Number(ms), text: message })
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

/** Microseconds that a process has been on a processor, exact while it waits; those of the clock without /proc. */
function microsecondsOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000
  } catch {
    return performance.now() * 1_000
  }
}
