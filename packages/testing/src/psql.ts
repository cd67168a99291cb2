import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** psql on PATH; as root on Debian it is installed. Null where there is none to be had, which is an error in CI. */
export async function findPsql(): Promise<string | null> {
  try {
    return await find()
  } catch (error) {
    if (process.env.CI) throw error
    process.stderr.write(`${(error as Error).message}\n`)
    return null
  }
}

async function find(): Promise<string> {
  const there = await onPath()
  if (there) return 'psql'
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('psql is not on PATH: install the PostgreSQL client')
  await execute('apt-get', ['update'])
  await execute('apt-get', ['install', '-y', '--no-install-recommends', 'postgresql-client'])
  if (await onPath()) return 'psql'
  throw new Error('psql could not be installed by apt')
}

const onPath = (): Promise<boolean> =>
  execute('psql', ['--version']).then(
    () => true,
    () => false,
  )
