import { dirname, resolve } from 'node:path'
import { findSweep, homeFolder, readerUrl } from '@driftfarm/database'
import { embeddedExists, openSession as openWith, type Session } from '@driftfarm/farm'
import { CliError } from './failure.ts'
import { note } from './output.ts'
import type { Environment, Shell } from './shell.ts'

/** Where a command keeps data of its own. */
export const homeOf = ({ env, cwd, beside }: Pick<Shell, 'env' | 'cwd' | 'beside'>): string =>
  homeFolder(env, cwd, beside)

/** The shell of a command about a spec: its home is that of the project of the spec. `-` is standard input. */
export const besideSpec = (shell: Shell, path: string): Shell =>
  path === '-' ? shell : { ...shell, beside: dirname(resolve(shell.cwd, path)) }

/** Whether there is a database: an embedded one exists once something has been run. */
export function databaseExists(shell: Shell): boolean {
  return Boolean(shell.env.DATABASE_URL) || embeddedExists(homeOf(shell))
}

/** Opens the farm that the environment names, or the embedded server of the home. */
export async function openSession(shell: Shell): Promise<Session> {
  const { env, stderr, waits } = shell
  if (env.DRIFTFARM_URL)
    throw new CliError(
      'NOT_YET_BUILT',
      `not yet built: DRIFTFARM_URL (${env.DRIFTFARM_URL})`,
      'name the farm by DATABASE_URL and REDIS_URL',
    )
  const given = env.DATABASE_URL || undefined
  return openWith({
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
export async function withSession<T>(shell: Shell, body: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(shell)
  try {
    return await body(session)
  } finally {
    await session.close()
  }
}

/** Runs `body` for the sweep that `text` names. No server is started if nothing has ever been run. */
export async function withSweep<T>(
  shell: Shell,
  text: string,
  body: (session: Session, sweep: { readonly id: string; readonly name: string }) => Promise<T>,
): Promise<T> {
  requireDatabase(shell, text)
  return withSession(shell, async (session) => body(session, await findSweep(session.database, text)))
}

export function requireDatabase(shell: Shell, sweep: string): void {
  if (!databaseExists(shell))
    throw new CliError(
      'NOT_FOUND',
      `no sweep ${sweep}: nothing has been run here yet (${homeOf(shell)})`,
      'driftfarm run SPEC runs one; DRIFTFARM_HOME or DATABASE_URL name other places',
    )
}
