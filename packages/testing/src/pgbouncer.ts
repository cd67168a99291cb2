import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { WatchedClient } from '@driftfarm/database'
import { freePort } from './port.ts'
import { programPath } from './program.ts'

export interface Pgbouncer {
  /** Returns `databaseUrl` with its host and port replaced by those of PgBouncer. */
  through(databaseUrl: string): string
  close(): Promise<void>
}

export interface PgbouncerOptions {
  /** Settings for the section [pgbouncer] of the configuration file, added to the settings for transaction mode. */
  readonly settings?: Readonly<Record<string, string | number>>
}

/** Runs PgBouncer in transaction mode as a child process, until `close()` or until this process exits. */
export async function startPgbouncer(
  databaseUrl: string,
  { settings = {} }: PgbouncerOptions = {},
): Promise<Pgbouncer> {
  const binary = programPath('pgbouncer')
  const server = new URL(databaseUrl)
  const folder = await mkdtemp(join(tmpdir(), 'driftfarm-pgbouncer-'))
  const port = await freePort()
  const lines = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: join(folder, 'users.txt'),
    pool_mode: 'transaction',
    max_client_conn: 1_000,
    default_pool_size: 20,
    ...settings,
  }
  const { username, password, hostname } = server
  const database = `* = host=${hostname} port=${server.port} user=${username} password=${decodeURIComponent(password)}`
  const ini = [
    '[databases]',
    database,
    '[pgbouncer]',
    ...Object.entries(lines).map(([name, value]) => `${name} = ${value}`),
  ]
  await writeFile(lines.auth_file, `"${username}" ""\n`)
  await writeFile(join(folder, 'pgbouncer.ini'), `${ini.join('\n')}\n`)
  await chmod(folder, 0o755)
  // PgBouncer refuses to run as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = spawn(binary, [...user, '-q', join(folder, 'pgbouncer.ini')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.on('data', (data) => {
    text += data
  })
  const onExit = (): void => void child.kill('SIGKILL')
  process.once('exit', onExit)

  const through = (url: string): string => {
    const changed = new URL(url)
    changed.host = `127.0.0.1:${port}`
    return changed.href
  }
  const close = async (): Promise<void> => {
    process.off('exit', onExit)
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await answers(through(databaseUrl), () => text)
  } catch (error) {
    await close()
    throw error
  }
  return { through, close }
}

async function answers(url: string, text: () => string): Promise<void> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const client = new WatchedClient({ connectionString: url })
    try {
      await client.connect()
      return
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`pgbouncer does not answer: ${error}\n${text()}`)
      await delay(20)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
