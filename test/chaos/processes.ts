import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { TaleOfBatch } from './entries/instruments.ts'

export interface Program {
  /** The file for Node to run. */
  readonly file: string
  readonly arguments_: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Options of Node itself. */
  readonly flags?: readonly string[]
  /** The account, if it is not that of the test. */
  readonly uid?: number
}

/** A process of the farm, which may be killed, stopped and started again. */
export class Member {
  #child: ChildProcess | null = null
  #words = ''
  #partial = ''
  /** What instrumented workers reported about their batches, in all their lives. */
  readonly tales: TaleOfBatch[] = []
  /** Called with each line on standard error. */
  onWords: (line: string) => void = () => undefined
  /** Called with each other line that it prints. */
  onLine: (line: string) => void = () => undefined
  /** Number of times that it was started. */
  lives = 0
  /** How its last life ended. */
  ended: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | null = null

  constructor(
    readonly name: string,
    readonly program: Program,
  ) {}

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  get isAlive(): boolean {
    return this.#child !== null && this.ended === null
  }

  /** Its output on standard error, in all its lives. */
  get words(): string {
    return this.#words
  }

  /** Its id among the farm's workers, in this life. */
  get id(): string | null {
    const ids = [...this.#words.matchAll(/(?:worker|coordinator|up) (\S+) ready/g)]
    return ids.at(-1)?.[1] ?? null
  }

  /** Starts it, and resolves when it reports that it is ready. */
  async start({ untilReady = true }: { readonly untilReady?: boolean } = {}): Promise<void> {
    const { file, arguments_, env, flags = [], uid } = this.program
    this.lives++
    this.ended = null
    const before = this.#words.length
    const child = spawn(process.execPath, [...flags, file, ...arguments_], {
      env: { PATH: process.env.PATH ?? '', HOME: '/tmp', NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid }),
    })
    this.#child = child
    createInterface(child.stderr.setEncoding('utf8')).on('line', (line) => {
      this.#words += `${line}\n`
      this.onWords(line)
    })
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#tell(text))
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.ended = { code, signal }
    })
    running.add(child)
    child.once('exit', () => running.delete(child))
    if (!untilReady) return
    for (const end = Date.now() + 60_000; !this.#words.slice(before).includes(' ready'); await delay(10)) {
      if (this.ended !== null && this.#child === child)
        throw new Error(`${this.name} ended during its start: ${this.tail}`)
      if (Date.now() > end) throw new Error(`${this.name} was not ready within a minute: ${this.tail}`)
    }
  }

  #tell(text: string): void {
    const lines = (this.#partial + text).split('\n')
    this.#partial = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('{"ending"')) this.tales.push(JSON.parse(line) as TaleOfBatch)
      else this.onLine(line)
    }
  }

  get tail(): string {
    return this.#words.trim().split('\n').slice(-4).join(' | ')
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isAlive) this.#child?.kill(signal)
  }

  /** Resolves to how it ended; throws after the limit. */
  async gone(limitMs = 30_000): Promise<NonNullable<Member['ended']>> {
    for (const end = Date.now() + limitMs; this.ended === null; await delay(5))
      if (Date.now() > end) throw new Error(`${this.name} has not ended after ${limitMs / 1_000} s: ${this.tail}`)
    return this.ended
  }

  async kill(): Promise<void> {
    if (!this.isAlive) return
    this.signal('SIGKILL')
    await this.gone()
  }

  async restart(): Promise<void> {
    await this.kill()
    await this.start()
  }
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
