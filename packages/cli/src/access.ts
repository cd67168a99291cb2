import { dirname, resolve } from 'node:path'
import { CliError } from './failure.ts'
import type { Environment } from './shell.ts'

/** Adds the addresses from the access file to the environment. Throws a CliError if the file cannot be used. */
export async function withAccess(env: Environment, cwd: string): Promise<Environment> {
  const named = env.DRIFTFARM_ACCESS
  if (!named) return env
  if (env.DATABASE_URL)
    throw new CliError(
      'USAGE',
      'DRIFTFARM_ACCESS and DATABASE_URL are both set, and each names a farm',
      'unset one of them',
    )
  const path = resolve(cwd, named)
  const { readAccess } = await import('./accessFile.ts')
  const { databaseUrl, redisUrl, ca } = await readAccess(path)
  return {
    ...env,
    DATABASE_URL: ca === null ? databaseUrl : withAuthority(databaseUrl, resolve(dirname(path), ca)),
    REDIS_URL: redisUrl ?? undefined,
  }
}

function withAuthority(databaseUrl: string, file: string): string {
  const url = new URL(databaseUrl)
  url.searchParams.set('sslrootcert', file)
  return url.href
}
