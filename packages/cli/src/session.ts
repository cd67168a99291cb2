import { dirname, resolve } from 'node:path'
import { findSweep, homeFolder, readerUrl } from '@driftfarm/database'
import {
  databaseDesk,
  embeddedExists,
  openSession as openWith,
  type Session,
  type SessionOptions,
} from '@driftfarm/farm'
import type { Desk } from '@driftfarm/report'
import { CliError } from './failure.ts'
import { note } from './output.ts'
import type { Environment, Shell } from './shell.ts'

/** Where a command keeps data of its own. */
export const homeOf = ({ env, cwd, beside }: Pick<Shell, 'env' | 'cwd' | 'beside'>): string =>
  homeFolder(env, cwd, beside)

/** The shell of a command about a spec: its home is that of the project of the spec. `-` is standard input. */
export const besideSpec = (shell: Shell, path: string): Shell =>
  path === '-' ? shell : { ...shell, beside: dirname(resolve(shell.cwd, path)) }

/** Whether there is a farm to ask: over HTTP, or by a database; an embedded one exists once something has been run. */
export const farmExists = (shell: Shell): boolean => Boolean(shell.env.DRIFTFARM_URL) || databaseExists(shell)

/** Whether there is a database. */
export function databaseExists(shell: Shell): boolean {
  return Boolean(shell.env.DATABASE_URL) || embeddedExists(homeOf(shell))
}

/** Whether there is a database into which a command may look beside what it does: not with the login of a worker. */
export const mayLook = (shell: Shell): boolean => !shell.env.DRIFTFARM_ACCESS && databaseExists(shell)

/** Refuses what works on the database itself where a farm over HTTP is named, and no database. */
export function refuseRemote({ env }: Pick<Shell, 'env'>): void {
  if (!env.DRIFTFARM_URL || env.DATABASE_URL) return
  throw new CliError(
    'USAGE',
    `this command works on the database itself, and DRIFTFARM_URL (${env.DRIFTFARM_URL}) names a farm over HTTP`,
    'name the database by DATABASE_URL, or leave DRIFTFARM_URL out',
  )
}

/** The file of DRIFTFARM_ACCESS has a login that may not even read; the database would only say which table. */
function refuseLogin({ env }: Pick<Shell, 'env'>): void {
  if (!env.DRIFTFARM_ACCESS) return
  throw new CliError(
    'WORKERS_ONLY',
    'DRIFTFARM_ACCESS lets workers in (driftfarm worker) and nothing else',
    'leave it out of the environment of other commands, or name the farm by DRIFTFARM_URL',
  )
}

export interface OpenedBy extends Pick<SessionOptions, 'connections'> {
  /** Whether a worker opens it, which may do so with an access file. */
  readonly isWorker?: boolean
}

/** Opens the farm that the environment names, or the embedded server of the home. */
export async function openSession(shell: Shell, { isWorker = false, ...options }: OpenedBy = {}): Promise<Session> {
  const { env, stderr, waits } = shell
  if (!isWorker) refuseLogin(shell)
  refuseRemote(shell)
  const given = env.DATABASE_URL || undefined
  return openWith({
    ...options,
    home: homeOf(shell),
    databaseUrl: given,
    readerUrl: given === undefined ? null : farmReader(env, given),
    redisUrl: env.REDIS_URL || undefined,
    onNotice: (line) => (stderr.isTTY === true ? note(shell, line) : undefined),
    onWarning: (message) => note(shell, `warning: ${message}`),
    waits,
  })
}

/** The read-only URL of a farm: given explicitly, or derived from the password that was passed to `db migrate`. */
function farmReader(env: Environment, url: string): string | null {
  const { DRIFTFARM_READER_URL: address, DRIFTFARM_READER_PASSWORD: password } = env
  return address || (password ? readerUrl(url, password) : null)
}

/** The read-only URL. Throws a CliError NO_READER if it is not known. */
export function readerOf({ readerUrl: address }: Session): string {
  if (address !== null) return address
  throw new CliError(
    'NO_READER',
    'the address of the reading login is not known here',
    'set DRIFTFARM_READER_URL, or DRIFTFARM_READER_PASSWORD as `driftfarm db migrate` had it',
  )
}

/** Runs `body` with a session, which is closed in any case. */
export async function withSession<T>(
  shell: Shell,
  body: (session: Session) => Promise<T>,
  options: OpenedBy = {},
): Promise<T> {
  const session = await openSession(shell, options)
  try {
    return await body(session)
  } finally {
    await session.close()
  }
}

/** Runs `body` with the farm that commands ask: over HTTP where DRIFTFARM_URL names one, else that of the database. */
export async function withDesk<T>(shell: Shell, body: (desk: Desk) => Promise<T>): Promise<T> {
  const remote = await remoteOf(shell)
  return remote === null ? withSession(shell, (session) => body(databaseDesk(session))) : body(remote)
}

/** The farm that DRIFTFARM_URL names; null where it names none. */
export async function remoteOf({ env }: Pick<Shell, 'env'>): Promise<Desk | null> {
  const { DRIFTFARM_URL: url, DRIFTFARM_TOKEN: token } = env
  if (!url) return null
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CliError('USAGE', `DRIFTFARM_URL: ${url} is no address`, 'write it as http://127.0.0.1:8080')
  const { remoteDesk } = await import('@driftfarm/api/client')
  return remoteDesk({ url, token: token || undefined })
}

/** Runs `body` for the sweep that `text` names. No server is started if nothing has ever been run. */
export async function withSweep<T>(
  shell: Shell,
  text: string,
  body: (desk: Desk, sweep: { readonly id: string; readonly name: string }) => Promise<T>,
): Promise<T> {
  requireFarm(shell, text)
  return withDesk(shell, async (desk) => body(desk, await desk.find(text)))
}

/** The same for commands that work on the database itself. */
export async function withStoredSweep<T>(
  shell: Shell,
  text: string,
  body: (session: Session, sweep: { readonly id: string; readonly name: string }) => Promise<T>,
): Promise<T> {
  requireFarm(shell, text)
  return withSession(shell, async (session) => body(session, await findSweep(session.database, text)))
}

export function requireFarm(shell: Shell, sweep: string): void {
  if (!farmExists(shell))
    throw new CliError(
      'NOT_FOUND',
      `no sweep ${sweep}: nothing has been run here yet (${homeOf(shell)})`,
      'driftfarm run SPEC runs one; DRIFTFARM_HOME or DATABASE_URL name other places',
    )
}
