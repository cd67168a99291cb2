import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { withClient } from '../../database/src/connection/connect.ts'
import { changeOwner, serverAccount } from '../../database/src/embedded/account.ts'
import { findBinaries } from '../../database/src/embedded/binaries.ts'
import { ensureCluster } from '../../database/src/embedded/cluster.ts'
import { environment, identityOf } from '../../database/src/embedded/postmaster.ts'
import { settings } from '../../database/src/embedded/settings.ts'
import { owner } from '../../database/src/schema/roles.ts'
import { freePort } from './port.ts'

export interface PrivatePostgres {
  /** The URL of the database `name`; by default `postgres`, which always exists. */
  url(name?: string): string
  /** An immediate shutdown: sessions are dropped, nothing is written, and the next start recovers from the log. */
  crash(): Promise<void>
  /** Starts the server again on the same port and folder, and resolves when it accepts connections. */
  start(): Promise<void>
  readonly pid: number
  words(): string
  close(): Promise<void>
}

export interface PostgresOptions {
  /** An existing folder for the data, which is not removed. By default, the data is in a temporary folder. */
  readonly folder?: string
  /** Settings that differ from those of the embedded server. */
  readonly settings?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

const password = 'of-a-test'

/**
 * Starts a server from the bundled binaries. It stops on `close()` or when this process exits. If
 * DRIFTFARM_KEEP_LOGS names a folder, the server log is kept in that folder.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PrivatePostgres> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'driftfarm-postgres-'))
  const binaries = findBinaries()
  const account = serverAccount(null)
  const place = { account, folder, data: join(folder, 'data'), log: join(folder, 'log') }
  changeOwner(folder, account)
  await ensureCluster(binaries, place, password, () => undefined)
  const port = await freePort()
  const arguments_ = Object.entries({ ...settings, ...options.settings, port: String(port) }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  )
  const url = (name = 'postgres') => `postgres://${owner}:${password}@127.0.0.1:${port}/${name}`
  // If the test passes a folder, the log is outside that folder, because the test may fill the disk of the folder.
  const log = options.folder === undefined ? place.log : join(tmpdir(), `driftfarm-postgres-${process.pid}-${port}.log`)
  let child: ChildProcess | null = null
  const onExit = (): void => {
    child?.kill('SIGQUIT')
  }
  process.once('exit', onExit)

  const start = async (): Promise<void> => {
    const written = openSync(log, 'a', 0o600)
    const starting = spawn(join(binaries.folder, 'bin', 'postgres'), ['-D', place.data, ...arguments_], {
      cwd: place.data,
      env: { ...environment(), ...options.env },
      stdio: ['ignore', written, written],
      // Ctrl-C does not reach a detached server. The process that started the server handles Ctrl-C and stops the
      // server.
      detached: true,
      ...identityOf(account),
    })
    closeSync(written)
    child = starting
    for (;;) {
      if (starting.exitCode !== null) throw new Error(`PostgreSQL did not start: ${words()}`)
      if (await withClient(url(), async () => true).catch(() => false)) return
      await delay(20)
    }
  }
  const end = async (signal: 'SIGQUIT' | 'SIGINT'): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  const words = (): string => (existsSync(log) ? readFileSync(log, 'utf8').slice(-2_000) : '')

  await start()
  return {
    url,
    crash: () => end('SIGQUIT'),
    start,
    get pid() {
      return child?.pid ?? 0
    },
    words,
    async close() {
      process.off('exit', onExit)
      await end('SIGQUIT')
      const kept = process.env.DRIFTFARM_KEEP_LOGS
      if (kept) cpSync(log, join(kept, `postgres-${port}.log`))
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
      else rmSync(log, { force: true })
    },
  }
}
