import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

/** There is no Redis here and none could be installed: the message says why. */
export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable'
}

export interface PrivateRedis {
  readonly url: string
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>
  /** SIGSTOP and SIGCONT. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

export interface RedisOptions {
  /** Keep an append-only file, written at every command: a killed server comes back with all it knew. */
  readonly aof?: boolean
  readonly policy?: string
  /** Bytes. */
  readonly maxmemory?: number
}

const run = promisify(execFile)
const names = ['redis-server', 'valkey-server']

async function onPath(): Promise<string | null> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name)
      if (
        await access(path).then(
          () => true,
          () => false,
        )
      )
        return path
    }
  }
  return null
}

/** One installer at a time, over all test processes of this machine. */
async function locked<T>(work: () => Promise<T>): Promise<T> {
  const lock = join(tmpdir(), 'driftfarm-redis-install')
  for (;;) {
    try {
      await mkdir(lock)
      break
    } catch {
      const age = await stat(lock).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      )
      if (age > 180_000) await rm(lock, { recursive: true, force: true }) // its owner died
      await delay(200)
    }
  }
  try {
    return await work()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

async function install(): Promise<string> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new RedisUnavailable(`no ${names.join(' or ')} on PATH, and only root on Debian installs it by itself`)
  }
  return locked(async () => {
    const there = await onPath()
    if (there !== null) return there
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    try {
      await run('apt-get', ['update'], { env, timeout: 120_000 })
      // Without the service: tests start private servers only.
      await run('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], { env, timeout: 120_000 })
    } catch (error) {
      const lines = String(error instanceof Error ? error.message : error)
        .trim()
        .split('\n')
      throw new RedisUnavailable(`apt-get could not install redis-server: ${lines.at(-1)}`)
    }
    const installed = await onPath()
    if (installed === null) throw new RedisUnavailable('redis-server was installed but is not on PATH')
    return installed
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new RedisUnavailable('no free port')
  return address.port
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

/**
 * A Redis of the test's own: a child process on a free loopback port that ends with `close()`, or with this process.
 */
export async function startRedis(options: RedisOptions = {}): Promise<PrivateRedis> {
  const binary = (await onPath()) ?? (await install())
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
      child?.once('exit', (code) => reject(new RedisUnavailable(`${binary} exited with ${code}`)))
    })
    dead.catch(() => undefined)
    const deadline = Date.now() + 10_000
    for (;;) {
      if (await Promise.race([answers(port), dead])) return
      if (Date.now() > deadline) throw new RedisUnavailable(`${binary} does not answer on port ${port}`)
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
 * A Redis, or the reason why there is none. With CI set a missing Redis is an error: there the tests must run.
 */
export async function redisOrReason(options: RedisOptions = {}): Promise<PrivateRedis | string> {
  try {
    return await startRedis(options)
  } catch (error) {
    if (!(error instanceof RedisUnavailable) || process.env.CI) throw error
    return error.message
  }
}
