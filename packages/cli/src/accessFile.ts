import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import * as z from 'zod'
import { CliError, usageError } from './failure.ts'

/**
 * With an access file, a process on another machine joins a farm without further configuration. `driftfarm access`
 * writes the file, and DRIFTFARM_ACCESS names the file.
 */
export const accessShape = z.strictObject({
  driftfarm: z.literal('access'),
  version: z.literal(1),
  role: z.enum(['worker']),
  /** Name of the login, needed to revoke it. */
  name: z.string(),
  databaseUrl: z.string(),
  /** Null if the queue is in the database. */
  redisUrl: z.string().nullable(),
  /**
   * Path of the CA certificate that signed the certificate of the database, relative to the access file. Null if a
   * public CA signed the certificate of the database.
   */
  ca: z.string().nullable(),
})
export type Access = z.infer<typeof accessShape>

export async function readAccess(path: string): Promise<Access> {
  let text: string
  try {
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw usageError(`${path} contains a password, but other users can read it`, `run chmod 600 ${path}`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError('FILE_UNREADABLE', `DRIFTFARM_ACCESS: ${(error as Error).message}`)
  }
  let access: Access
  try {
    access = accessShape.parse(JSON.parse(text))
  } catch {
    throw usageError(
      `${path} is not an access file that this version of Drift Farm can read`,
      'create a new access file with `driftfarm access`',
    )
  }
  // Without this check, the driver would report only that a file is missing, without mentioning the certificate.
  if (access.ca !== null)
    await readFile(resolve(dirname(path), access.ca)).catch((error: Error) => {
      throw new CliError(
        'FILE_UNREADABLE',
        `cannot read the certificate named in ${path}: ${error.message}`,
        'put the CA certificate (the FILE of `driftfarm access --ca FILE`) beside the access file',
      )
    })
  return access
}
