import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

/** Ticks of /proc in a second; Linux has 100 of them on every machine that Node runs on. */
const ticks = 100
/** Interval in ms at which a process is looked at for its memory and its processor time. */
const lookMs = 20

/** What a process has used so far. */
export interface Used {
  /** Processor time in seconds. */
  readonly cpuSeconds: number
  /** Largest resident memory in MB. */
  readonly peakMB: number
}

/** A process that is looked at while it runs. */
export class Watched {
  #used: Used = { cpuSeconds: 0, peakMB: 0 }
  readonly #timer

  constructor(private readonly pid: number) {
    this.#timer = setInterval(() => this.#look(), lookMs)
  }

  /** What it has used, or had when it was last seen. */
  get used(): Used {
    this.#look()
    return this.#used
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(textOf(this.pid, 'status'))?.[1]
    if (peak !== undefined) this.#used = { cpuSeconds: timesOf(this.pid)?.own ?? 0, peakMB: Number(peak) / 1024 }
  }
}

/** A build of the command, with its name in the tables and the path of its driftfarm.js. */
export interface Build {
  readonly name: string
  readonly path: string
}

/** How a command went. */
export interface Timed extends Used {
  /** From its start to its end. */
  readonly seconds: number
  /** Processor time of PostgreSQL meanwhile. */
  readonly serverSeconds: number
}

export interface Command {
  /** The driftfarm.js of a build. */
  readonly build: string
  readonly arguments_: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Where its standard output and its words go. */
  readonly folder: string
}

/** Runs a command to its end. Throws where it fails. `server` is the process id of its PostgreSQL. */
export async function timed(command: Command, server: number): Promise<Timed> {
  const before = serverSeconds(server)
  const started = performance.now()
  const child = startCommand(command)
  const watched = new Watched(child.pid!)
  const [code] = (await once(child, 'exit')) as [number | null]
  const seconds = (performance.now() - started) / 1000
  watched.stop()
  // 3: a check calls numbers wrong, which few trials in many cells make likely.
  if (code !== 0 && code !== 3) throw new Error(`${command.arguments_.join(' ')}: exit ${code}: ${wordsOf(command)}`)
  return { seconds, serverSeconds: serverSeconds(server) - before, ...watched.used }
}

/** Starts a command whose output goes into files of its folder. */
export function startCommand({ build, arguments_, env, folder }: Command): ChildProcess {
  const out = openSync(join(folder, 'output'), 'w')
  const words = openSync(join(folder, 'words'), 'w')
  const child = spawn(process.execPath, [build, ...arguments_], { env, stdio: ['ignore', out, words] })
  closeSync(out)
  closeSync(words)
  return child
}

const wordsOf = ({ folder }: Command): string => readFileSync(join(folder, 'words'), 'utf8').trim()

/** As of a user who has set nothing but where the home is. */
export function environment(home: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env
  return { ...inherited, DRIFTFARM_HOME: home, NO_COLOR: '1', ...more }
}

/** Processor time in seconds of a PostgreSQL server: its first process, its others that live, and those that ended. */
export function serverSeconds(postmaster: number): number {
  let sum = timesOf(postmaster)?.all ?? 0
  for (const name of readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? timesOf(Number(name)) : null
    if (times?.parent === postmaster) sum += times.all
  }
  return sum
}

/** Processor time of a process in seconds, alone and with its children that have ended; null where it is gone. */
function timesOf(pid: number): { parent: number; own: number; all: number } | null {
  const stat = textOf(pid, 'stat')
  // The second field may contain spaces and ends at the last ')'.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (stat === '') return null
  const [user, system, userOfEnded, systemOfEnded] = fields.slice(11, 15).map((text) => Number(text) / ticks)
  const own = user! + system!
  return { parent: Number(fields[1]), own, all: own + userOfEnded! + systemOfEnded! }
}

function textOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/** Resolves once a process has said the text. */
export async function said(stream: NodeJS.ReadableStream, text: string): Promise<void> {
  for await (const piece of stream) if (String(piece).includes(text)) return
}
