import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { createLogin, type Database, listLogins, loginName, openDatabase, revokeLogin } from '@driftfarm/database'
import { kindOf } from '@driftfarm/formula'
import type { Access } from '../accessFile.ts'
import { command } from '../command.ts'
import { CliError, usageError } from '../failure.ts'
import { choice, flag, negated, type OptionsOf, text } from '../options/option.ts'
import { note, print } from '../output.ts'
import { withSession } from '../session.ts'
import type { Shell } from '../shell.ts'

const options = {
  role: choice(
    '<role>',
    'what the login may do. worker: only lease batches, commit results, and report failures and status',
    ['worker'],
  ),
  name: text('<name>', 'name of the login, needed to revoke it (default: a random name)'),
  server: text(
    '<host:port>',
    'address at which other machines reach the database (default: the address in DATABASE_URL)',
  ),
  ca: text(
    '<file>',
    'certificate of the CA that signed the certificate of the database. Workers need a copy of this file in the ' +
      'folder of the access file',
  ),
  tls: negated('connect without encryption. Use this only on a network reserved for the farm'),
  list: flag('list the names of all logins'),
  revoke: text('<name>', 'delete a login and close its connections'),
}
type AccessOptions = OptionsOf<typeof options>

export const access = command('access', {
  summary: 'create a database login for workers on other machines, and print its access file (for DRIFTFARM_ACCESS)',
  options,
  examples: [
    'access --role worker --server db.example.org:5432 > access.json',
    'access --list',
    'access --revoke cluster',
  ],
  async act(shell, options) {
    if (!shell.env.DATABASE_URL)
      throw usageError(
        'only this machine can reach the embedded database',
        'set DATABASE_URL to the database of the farm',
      )
    const { list, revoke } = options
    if (list !== true && revoke === undefined && options.role === undefined)
      throw usageError('--role is missing', 'run `driftfarm access --role worker > access.json`')
    await withSession(shell, async ({ database }) => {
      if (revoke !== undefined) {
        await revokeLogin(database, revoke)
        return note(shell, `login ${revoke} is revoked and its connections are closed`)
      }
      if (list === true) return print(shell, (await listLogins(database)).join('\n'))
      const made = await accessTo(shell, database, options)
      await print(shell, JSON.stringify(made, null, 2))
      note(
        shell,
        `login ${made.name} created. Keep the access file secret (chmod 600)` +
          `${made.ca === null ? '' : `, and put ${made.ca} beside it`}. To revoke the login: ` +
          `\`driftfarm access --revoke ${made.name}\``,
      )
    })
  },
})

const role = 'worker'

async function accessTo(
  shell: Shell,
  database: Database,
  { name: given, server, ca, tls }: AccessOptions,
): Promise<Access> {
  if (tls === false && ca !== undefined) throw usageError('--ca cannot be combined with --no-tls', 'omit one of them')
  const url = addressOf(database.url, server)
  if (tls !== false) url.searchParams.set('sslmode', 'verify-full')
  else url.searchParams.delete('sslmode')
  if (ca !== undefined)
    await readFile(resolve(shell.cwd, ca)).catch((error: Error) => {
      throw new CliError('FILE_UNREADABLE', `--ca: ${error.message}`)
    })
  const { name, password } = await createLogin(database, given ?? randomBytes(4).toString('hex'))
  url.username = loginName(name)
  url.password = password
  const tried = new URL(url)
  if (ca !== undefined) tried.searchParams.set('sslrootcert', resolve(shell.cwd, ca))
  try {
    await (await openDatabase({ url: tried.href, max: 1 })).close()
  } catch (error) {
    await revokeLogin(database, name)
    throw unusableDatabaseError(error, tls !== false)
  }
  const redisUrl = shell.env.REDIS_URL || null
  // On other machines, the certificate must be beside the access file, so `ca` is a file name without a folder.
  const beside = ca === undefined ? null : basename(ca)
  return { driftfarm: 'access', version: 1, role, name, databaseUrl: url.href, redisUrl, ca: beside }
}

function addressOf(databaseUrl: string, server: string | undefined): URL {
  const url = new URL(databaseUrl)
  if (server !== undefined) {
    const before = url.host
    url.host = server
    if (url.host === before && server !== before)
      throw usageError(`--server: ${server} is not an address`, 'write it as db.example.org:5432')
  }
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname) && server === undefined)
    throw usageError(
      `other machines cannot use the address ${url.host}: on each machine it means that machine itself`,
      'give the address at which other machines reach the database: --server db.example.org:5432',
    )
  return url
}

function unusableDatabaseError(error: unknown, tls: boolean): unknown {
  // Only the cause of the error shows whether TLS is the problem. The message does not: it contains the address, so it
  // always mentions `sslmode`.
  if (!tls || !(error instanceof Error) || kindOf(error.cause)?.is !== 'tls') return error
  return usageError(
    `cannot connect with TLS: ${error.message}`,
    'set ssl = on in postgresql.conf, with a certificate for that host name. For a certificate of your own CA add ' +
      '--ca FILE. Use --no-tls only on a network where nobody can eavesdrop',
  )
}
