import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import {
  concernsTls,
  createLogin,
  type Database,
  listLogins,
  loginName,
  openDatabase,
  revokeLogin,
} from '@driftfarm/database'
import type { Access } from '../../accessFile.ts'
import { CliError } from '../../failure.ts'
import { note, print } from '../../output.ts'
import { withSession } from '../../session.ts'
import type { Shell } from '../../shell.ts'

export interface AccessOptions {
  readonly role?: 'worker'
  readonly name?: string
  readonly server?: string
  readonly ca?: string
  readonly tls?: boolean
  readonly list?: true
  readonly revoke?: string
}

const role = 'worker'

export async function access(shell: Shell, options: AccessOptions): Promise<void> {
  if (!shell.env.DATABASE_URL)
    throw new CliError(
      'USAGE',
      'the embedded database is for this machine alone',
      'set DATABASE_URL to the database of the farm',
    )
  const { list, revoke } = options
  if (list !== true && revoke === undefined && options.role === undefined)
    throw new CliError('USAGE', 'what the login is for is missing', 'driftfarm access --role worker > access.json')
  await withSession(shell, async ({ database }) => {
    if (revoke !== undefined) {
      await revokeLogin(database, role, revoke)
      return note(shell, `${revoke} is revoked, and its connections are closed`)
    }
    if (list === true) return print(shell, (await listLogins(database, role)).join('\n'))
    const made = await accessTo(shell, database, options)
    await print(shell, JSON.stringify(made, null, 2))
    note(
      shell,
      `login ${made.name}: keep the file to yourself (chmod 600)` +
        `${made.ca === null ? '' : `, with ${made.ca} beside it`}; driftfarm access --revoke ${made.name} ends it`,
    )
  })
}

async function accessTo(
  shell: Shell,
  database: Database,
  { name: given, server, ca, tls }: AccessOptions,
): Promise<Access> {
  if (tls === false && ca !== undefined)
    throw new CliError('USAGE', '--ca is for TLS, and --no-tls goes without', 'leave one of the two out')
  const url = addressOf(database.url, server)
  if (tls !== false) url.searchParams.set('sslmode', 'verify-full')
  else url.searchParams.delete('sslmode')
  if (ca !== undefined) await requireReadable(shell, ca)
  const { name, password } = await createLogin(database, role, given ?? randomBytes(4).toString('hex'))
  url.username = loginName(role, name)
  url.password = password
  const tried = new URL(url)
  if (ca !== undefined) tried.searchParams.set('sslrootcert', resolve(shell.cwd, ca))
  try {
    await (await openDatabase({ url: tried.href, max: 1 })).close()
  } catch (error) {
    await revokeLogin(database, role, name)
    throw unfit(error, tls !== false)
  }
  const redisUrl = shell.env.REDIS_URL || null
  // Wherever the certificate is on this machine, on others it lies beside the file.
  const beside = ca === undefined ? null : basename(ca)
  return { driftfarm: 'access', version: 1, role, name, databaseUrl: url.href, redisUrl, ca: beside }
}

async function requireReadable({ cwd }: Shell, ca: string): Promise<void> {
  await readFile(resolve(cwd, ca)).catch((error: Error) => {
    throw new CliError('FILE_UNREADABLE', `--ca: ${error.message}`)
  })
}

/** The address of the database for other machines. */
function addressOf(databaseUrl: string, server: string | undefined): URL {
  const url = new URL(databaseUrl)
  if (server !== undefined) {
    const before = url.host
    url.host = server
    if (url.host === before && server !== before)
      throw new CliError('USAGE', `--server: ${server} is no address`, 'write it as db.example.org:5432')
  }
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname) && server === undefined)
    throw new CliError(
      'USAGE',
      `${url.host} is this machine, for whoever reads the file on another`,
      'name the address that others reach: --server db.example.org:5432',
    )
  return url
}

function unfit(error: unknown, tls: boolean): unknown {
  // Not by the message, which has the address, and that speaks of SSL in any case.
  if (!tls || !(error instanceof Error) || !concernsTls(error.cause)) return error
  return new CliError(
    'USAGE',
    `no connection by TLS: ${error.message}`,
    'switch ssl on in postgresql.conf, with a certificate for that name (--ca FILE: of your own authority); ' +
      '--no-tls only where nobody can listen',
  )
}
