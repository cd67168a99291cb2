import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { embeddedExists, homeFolder, readerUrl } from '@driftfarm/database'
import { databaseFarmClient, openSession as openWith, type Session, type SessionOptions } from '@driftfarm/farm'
import type { FarmClient } from '@driftfarm/report'
import { CliError, usageError } from './failure.ts'
import { note, tell, warn } from './output.ts'
import type { Environment, Shell } from './shell.ts'

export const homeOf = ({ env, cwd, beside }: Pick<Shell, 'env' | 'cwd' | 'beside'>): string =>
  homeFolder(env, cwd, beside)

/**
 * The search for the home starts in the folder of the spec instead of the working folder, unless `path` is `-`
 * (standard input).
 */
export const shellOfSpec = (shell: Shell, path: string): Shell =>
  path === '-' ? shell : { ...shell, beside: dirname(resolve(shell.cwd, path)) }

/** An embedded database exists once something has been run. */
export const farmExists = (shell: Shell): boolean => Boolean(shell.env.DRIFTFARM_URL) || databaseExists(shell)

export function databaseExists(shell: Shell): boolean {
  return Boolean(shell.env.DATABASE_URL) || embeddedExists(homeOf(shell))
}

/** For commands that also work without stored results. The login of a worker has no permission to read results. */
export const mayReadDatabase = (shell: Shell): boolean => !shell.env.DRIFTFARM_ACCESS && databaseExists(shell)

export function requireDatabaseAccess({ env }: Pick<Shell, 'env'>): void {
  if (!env.DRIFTFARM_URL || env.DATABASE_URL) return
  throw usageError(
    `this command needs the database itself, but DRIFTFARM_URL (${env.DRIFTFARM_URL}) is the HTTP address of a farm`,
    'set DATABASE_URL to the address of the database, or unset DRIFTFARM_URL',
  )
}

/** Without this check, the database would report only that permission for a table is denied. */
function refuseLogin({ env }: Pick<Shell, 'env'>): void {
  if (!env.DRIFTFARM_ACCESS) return
  throw new CliError(
    'WORKERS_ONLY',
    'DRIFTFARM_ACCESS is only for workers (`driftfarm worker`)',
    'unset DRIFTFARM_ACCESS for other commands, or set DRIFTFARM_URL to the address of the farm',
  )
}

export interface OpenSessionOptions extends Pick<SessionOptions, 'connections'> {
  /** Only a worker may use an access file. */
  readonly isWorker?: boolean
}

/** Opens the farm that the environment names, or the embedded server of the home. */
export async function openSession(
  shell: Shell,
  { isWorker = false, ...options }: OpenSessionOptions = {},
): Promise<Session> {
  const { env, stderr, waits } = shell
  if (!isWorker) refuseLogin(shell)
  requireDatabaseAccess(shell)
  const given = env.DATABASE_URL || undefined
  return openWith({
    ...options,
    home: homeOf(shell),
    server: shell.server?.take() ?? null,
    databaseUrl: given,
    readerUrl: given === undefined ? null : farmReader(env, given),
    redisUrl: env.REDIS_URL || undefined,
    onNotice: (line) => (stderr.isTTY === true ? tell(shell, line) : undefined),
    onWarning: (message) => warn(shell, message),
    waits,
  })
}

/** Without DRIFTFARM_READER_URL, the URL is made from the password that was passed to `db migrate`. */
function farmReader(env: Environment, url: string): string | null {
  const { DRIFTFARM_READER_URL: address, DRIFTFARM_READER_PASSWORD: password } = env
  return address || (password ? readerUrl(url, password) : null)
}

/** Throws a CliError NO_READER if the read-only URL is not known. */
export function readerOf({ readerUrl: address }: Session): string {
  if (address !== null) return address
  throw new CliError(
    'NO_READER',
    'the address of the read-only database login is not set',
    'set DRIFTFARM_READER_URL, or set DRIFTFARM_READER_PASSWORD to the value used for `driftfarm db migrate`',
  )
}

export async function withSession<T>(
  shell: Shell,
  body: (session: Session) => Promise<T>,
  options: OpenSessionOptions = {},
): Promise<T> {
  const session = await openSession(shell, options)
  try {
    return await body(session)
  } finally {
    await session.close()
  }
}

/** Runs `body` with the farm at DRIFTFARM_URL or, if that is not set, with the farm of the database. */
export async function withFarmClient<T>(shell: Shell, body: (farmClient: FarmClient) => Promise<T>): Promise<T> {
  const remote = await remoteFarmClientOf(shell)
  return remote === null ? withSession(shell, (session) => body(databaseFarmClient(session))) : body(remote)
}

export async function remoteFarmClientOf({ env }: Pick<Shell, 'env'>): Promise<FarmClient | null> {
  const { DRIFTFARM_URL: url, DRIFTFARM_TOKEN: token } = env
  if (!url) return null
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw usageError(
      `DRIFTFARM_URL: ${url} is not an http or https address`,
      'use an address such as http://127.0.0.1:8080',
    )
  const { remoteFarmClient } = await import('@driftfarm/api/client')
  return remoteFarmClient({ url, token: token || undefined })
}

/** Throws a CliError NOT_FOUND, without starting a server, if nothing has ever been run. */
export type SweepName = Awaited<ReturnType<FarmClient['find']>>

export async function withSweep<T>(
  shell: Shell,
  text: string,
  body: (farmClient: FarmClient, sweep: SweepName) => Promise<T>,
): Promise<T> {
  requireFarm(shell, text)
  return withFarmClient(shell, async (farmClient) => body(farmClient, await farmClient.find(text)))
}

export function requireFarm(shell: Shell, sweep: string): void {
  if (!farmExists(shell))
    throw new CliError(
      'NOT_FOUND',
      `no sweep ${sweep}: nothing has been run here yet (${homeOf(shell)})`,
      '`driftfarm run SPEC` runs a sweep; if the data is in another folder or database, set DRIFTFARM_HOME or ' +
        'DATABASE_URL',
    )
}

export function announceHome(shell: Shell): void {
  if (shell.env.DATABASE_URL) return
  const home = homeOf(shell)
  // The search for a home starts in the folder of the spec. For later commands without a spec, such as `results`, the
  // search starts in the current folder, and may find another home.
  const here = homeOf({ ...shell, beside: shell.cwd })
  if (home !== here) note(shell, `data is stored in ${home}; to use it from this folder, set DRIFTFARM_HOME=${home}`)
  else if (!existsSync(home)) note(shell, `data is stored in ${home} (set DRIFTFARM_HOME to change this)`)
}
