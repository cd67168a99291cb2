import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { NativeOptions } from '@driftfarm/farm'
import { usageError } from './failure.ts'
import { nativeModes } from './options/shared.ts'
import type { Environment } from './shell.ts'

/**
 * Variables that contain secrets. Each secret can also be read from a file. For `DATABASE_URL`, the variable
 * `DATABASE_URL_FILE` contains the path of the file.
 */
export const secretVariables = [
  'DATABASE_URL',
  'REDIS_URL',
  'DRIFTFARM_READER_URL',
  'DRIFTFARM_READER_PASSWORD',
  'DRIFTFARM_TOKEN',
] as const

type NativeMode = (typeof nativeModes)[number]

/** The variable with the path of a file that contains the password, for a database address without a password. */
export const passwordFile = 'DATABASE_PASSWORD_FILE'

/**
 * Returns the environment, including the secrets that are stored in files. If a variable is set, its file is not read.
 * Throws a CliError USAGE if a file cannot be read or is empty.
 */
export function withSecretFiles(env: Environment): Environment {
  const read: Record<string, string> = {}
  for (const name of secretVariables) {
    const file = env[`${name}_FILE`]
    if (file && !env[name]) read[name] = secretIn(`${name}_FILE`, file)
  }
  const url = env.DATABASE_URL || read.DATABASE_URL
  const file = env[passwordFile]
  if (file && url) read.DATABASE_URL = withPassword(url, secretIn(passwordFile, file))
  return { ...env, ...read }
}

function secretIn(name: string, file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw usageError(`${name}: ${(error as Error).message}`, `set ${name} to the path of a readable file`)
  }
  if (text === '') throw usageError(`${name}: ${file} is empty`, 'write the secret into this file')
  return text
}

/** The option `--native`, or the variable DRIFTFARM_NATIVE, or the default of the command. */
export function nativeIn(
  env: Environment,
  option: NativeMode | undefined,
  otherwise: NativeMode,
): NativeOptions | undefined {
  const given = option ?? (env.DRIFTFARM_NATIVE || otherwise)
  const mode = nativeModes.find((each) => each === given)
  if (mode === undefined)
    throw usageError(`DRIFTFARM_NATIVE is ${given}`, `set it to one of: ${nativeModes.join(', ')}`)
  return mode === 'off' ? undefined : { mode, compiler: env.DRIFTFARM_CC || undefined }
}

export function adminTokenIn({ DRIFTFARM_ADMIN_TOKEN_FILE: file }: Environment): string | undefined {
  if (!file) return undefined
  const token = secretIn('DRIFTFARM_ADMIN_TOKEN_FILE', file)
  if (/^[\x21-\x7e]{32,}$/.test(token)) return token
  const lack = 'contains no valid token: a token has at least 32 ASCII characters and no spaces'
  throw usageError(`${file} ${lack}`, 'create a token with `openssl rand -hex 32`')
}

/** An invalid address is returned unchanged, because the code that uses the address reports the error. */
function withPassword(address: string, password: string): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  if (url.password === '') url.password = encodeURIComponent(password)
  return url.href
}

/** Adds the addresses from the access file to the environment. Throws a CliError if the file cannot be used. */
export async function withAccess(env: Environment, cwd: string): Promise<Environment> {
  const named = env.DRIFTFARM_ACCESS
  if (!named) return env
  if (env.DATABASE_URL)
    throw usageError('DRIFTFARM_ACCESS and DATABASE_URL are both set, and each names a farm', 'unset one of them')
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

/** Number of threads that SLURM gives the task; undefined outside SLURM. */
export function threadsOfJob(env: Environment): number | undefined {
  const cpus = Number(env.SLURM_CPUS_PER_TASK || env.SLURM_CPUS_ON_NODE)
  return Number.isInteger(cpus) && cpus > 0 ? cpus : undefined
}
