import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe } from 'vitest'
import { freePort } from './port.ts'
import { isMissing, needs, programPath } from './program.ts'

export interface PrivateRedis {
  readonly url: string
  readonly pid: number
  kill(): Promise<void>
  /** Starts the server again on the same port, with the same folder. */
  restart(): Promise<void>
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

export interface RedisOptions {
  /**
   * Whether to write each command to an append-only file at once, so that a killed server restarts with all its data.
   */
  readonly aof?: boolean
  readonly policy?: string
  /** Memory limit in bytes. */
  readonly maxmemory?: number
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.write('PING\r\n')
    const [reply] = await once(socket, 'data')
    return String(reply).startsWith('+PONG')
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** Starts Redis as a child process on a free loopback port, until `close()` or until this process exits. */
export async function startRedis(options: RedisOptions = {}): Promise<PrivateRedis> {
  const binary = programPath('redis-server')
  const folder = await mkdtemp(join(tmpdir(), 'driftfarm-redis-'))
  const port = await freePort()
  const aof = options.aof ?? false
  const flags = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: aof ? 'yes' : 'no',
    appendfsync: 'always',
    daemonize: 'no',
    'maxmemory-policy': options.policy ?? 'noeviction',
    ...(options.maxmemory === undefined ? {} : { maxmemory: String(options.maxmemory) }),
  }
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])
  let child: ChildProcess | null = null
  const onExit = (): void => {
    child?.kill('SIGKILL')
  }
  process.once('exit', onExit)

  const start = async (): Promise<void> => {
    child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'ignore'] })
    const dead = new Promise<never>((_, reject) => {
      child?.once('error', reject)
      child?.once('exit', (code) => reject(new Error(`${binary} exited with ${code}`)))
    })
    dead.catch(() => undefined)
    const deadline = Date.now() + 10_000
    for (;;) {
      if (await Promise.race([answers(port), dead])) return
      if (Date.now() > deadline) throw new Error(`${binary} does not answer on port ${port}`)
      await delay(10)
    }
  }
  const kill = async (): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child!.pid!
    },
    kill,
    restart: start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async close() {
      process.off('exit', onExit)
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Provides a Redis for the tests of a file or a `describe`, and removes it after them. `url` is empty until the tests
 * start. Declare the tests that use this Redis with `needs('redis-server')`.
 */
export function servedRedis(): { readonly url: string } {
  const served = { url: '' }
  let redis: PrivateRedis | undefined
  beforeAll(async () => {
    if (isMissing('redis-server')) return
    redis = await startRedis()
    served.url = redis.url
  })
  afterAll(() => redis?.close())
  return served
}

/**
 * Declares the tests once for each kind of queue, in a `describe` whose name is `words` followed by the kind. The tests
 * on Redis need redis-server.
 */
export function describeQueues(words: string, tests: (queue: 'postgres' | 'redis') => void): void {
  describe(`${words} postgres`, () => tests('postgres'))
  describe(`${words} redis`, needs('redis-server'), () => tests('redis'))
}
