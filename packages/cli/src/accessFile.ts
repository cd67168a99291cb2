import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import * as z from 'zod'
import { CliError } from './failure.ts'

/**
 * A file that lets a process of another machine into a farm, with no other configuration: `driftfarm access` writes it,
 * the variable DRIFTFARM_ACCESS names it.
 */
export const accessShape = z.strictObject({
  driftfarm: z.literal('access'),
  version: z.literal(1),
  role: z.enum(['worker']),
  /** Of the login, by which it is revoked. */
  name: z.string(),
  databaseUrl: z.string(),
  /** Null where the queue is on the database: then one outbound port suffices. */
  redisUrl: z.string().nullable(),
  /** The certificate of the authority that signed the database's, relative to this file; null: a public one did. */
  ca: z.string().nullable(),
})
export type Access = z.infer<typeof accessShape>

/** Throws a CliError where the file is unfit. */
export async function readAccess(path: string): Promise<Access> {
  let text: string
  try {
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new CliError('USAGE', `${path} holds a password, and others may read it`, `chmod 600 ${path}`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError('FILE_UNREADABLE', `DRIFTFARM_ACCESS: ${(error as Error).message}`)
  }
  let access: Access
  try {
    access = accessShape.parse(JSON.parse(text))
  } catch {
    throw new CliError('USAGE', `${path} is no access file of this version`, 'write it by `driftfarm access`')
  }
  if (access.ca !== null) await requireAuthority(path, access.ca)
  return access
}

/** Read here, so that what is missing is named: the driver would only say that there is no such file. */
async function requireAuthority(path: string, ca: string): Promise<void> {
  await readFile(resolve(dirname(path), ca)).catch((error: Error) => {
    throw new CliError(
      'FILE_UNREADABLE',
      `the certificate that ${path} names: ${error.message}`,
      'put the file that `driftfarm access --ca` was given there',
    )
  })
}
