import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ShellOptions } from '@driftfarm/cli'
import { compileAhead } from './compileAhead.ts'

export const root = fileURLToPath(new URL('../../..', import.meta.url))
const executable = join(root, 'packages/cli/bin/driftfarm.js')
const built = join(root, 'packages/cli/dist/command.js')

interface Options {
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
  /** The text of standard input, which a command reads if its argument is `-` instead of a file. */
  readonly input?: string
  /** The working folder; by default the checkout. */
  readonly cwd?: string
}
interface InProcess extends Options {
  readonly waits?: NonNullable<ShellOptions['waits']>
}
export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}
interface Speaking {
  readonly finished: Promise<Finished>
  /** Resolves when the text has appeared `times` times on standard error (once by default). */
  says(text: string, times?: number): Promise<void>
}
export interface Running extends Speaking {
  readonly child: ChildProcess
}
export interface RunningInProcess extends Speaking {
  /** Interrupts the command as Ctrl-C would, and resolves when it has ended. */
  interrupt(): Promise<Finished>
}

/**
 * The environment of this process without its database, Redis and farm settings. The home is `home`, unless `env` sets
 * another home.
 */
function environment({ home, env }: Options): NodeJS.ProcessEnv {
  const {
    DATABASE_URL: _,
    REDIS_URL: __,
    DRIFTFARM_HOME: ___,
    DRIFTFARM_URL: ____,
    DRIFTFARM_TOKEN: _____,
    ...inherited
  } = process.env
  return { ...inherited, DRIFTFARM_HOME: home, NO_COLOR: '1', ...env }
}

class Page extends Writable {
  private readonly pieces: Buffer[] = []

  get text(): string {
    return Buffer.concat(this.pieces).toString('utf8')
  }

  override _write(piece: Buffer, _: string, done: () => void): void {
    this.pieces.push(piece)
    done()
    this.emit('written')
  }
}

/**
 * Runs the built command in this process. The effect is the same as for a user, but no new Node process starts. To
 * kill a command or to test several processes, use `start`.
 */
export async function driftfarm(arguments_: readonly string[], options: InProcess): Promise<Finished> {
  return run(arguments_, options, { stdout: new Page(), stderr: new Page() })
}

/**
 * Starts the built command in this process, and returns while it runs. Use it for commands that run until they are
 * interrupted.
 */
export function begin(arguments_: readonly string[], options: InProcess): RunningInProcess {
  const [stdout, stderr, abort] = [new Page(), new Page(), new AbortController()]
  const finished = run(arguments_, options, { stdout, stderr, signal: abort.signal })
  const listen = (look: () => void): void => void stderr.on('written', look)
  return {
    finished,
    says: (text, times) => waitForText(text, { finished, listen, heard: () => stderr.text }, times),
    interrupt() {
      abort.abort()
      return finished
    },
  }
}

async function run(
  arguments_: readonly string[],
  options: InProcess,
  given: { readonly stdout: Page; readonly stderr: Page; readonly signal?: AbortSignal },
): Promise<Finished> {
  // Without a build, the command is imported from its sources, but then threads load slowly. Because the sources
  // are imported, `vitest --changed` also knows which tests depend on them.
  const { runCommand }: typeof import('@driftfarm/cli') = existsSync(built)
    ? await import(/* @vite-ignore */ pathToFileURL(built).href)
    : await import('@driftfarm/cli')
  const env = environment(options)
  const [name, path] = arguments_
  if (name === 'run' && path !== undefined) await compileAhead(resolve(options.cwd ?? root, path), options.home)
  // By default, a run has a thread for each processor, but loading a thread takes as long as the trials of a test.
  // So a run gets only one thread if its home shares the module cache of the tests, where its modules are compiled.
  const shares = existsSync(join(options.home, 'cache'))
  const alone = name === 'run' && shares && !env.DATABASE_URL && !env.DRIFTFARM_URL && !arguments_.includes('--threads')
  const stdin = Readable.from([options.input ?? ''])
  const code = await runCommand(alone ? [...arguments_, '--threads', '1'] : arguments_, {
    ...given,
    stdin,
    env,
    cwd: options.cwd ?? root,
    waits: options.waits ?? {},
  })
  return { code, signal: null, stdout: given.stdout.text, stderr: given.stderr.text }
}

interface CommandOutput {
  readonly finished: Promise<Finished>
  listen(look: () => void): void
  heard(): string
}

function waitForText(text: string, { finished, listen, heard }: CommandOutput, times = 1): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (heard().split(text).length > times) resolve()
    }
    listen(look)
    finished.then(
      (end) =>
        reject(
          new Error(`the command ended without printing ${JSON.stringify(text)}: exit ${end.code}\n${end.stderr}`),
        ),
      reject,
    )
    look()
  })
}

export function start(arguments_: readonly string[], options: Options): Running {
  const child = spawn(process.execPath, [executable, ...arguments_], {
    cwd: root,
    env: environment(options),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
    for (const listener of listeners) listener()
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return {
    child,
    finished,
    says: (text, times) =>
      waitForText(text, { finished, listen: (look) => void listeners.add(look), heard: () => stderr }, times),
  }
}
