import { dirname, resolve } from 'node:path'
import { type Embedded, embeddedExists, homeFolder, startEmbedded } from '@driftfarm/database'
import { type Description, helpGroups } from './command.ts'
import type { EarlyServer, Shell } from './shell.ts'

/** The commands that read the database in every case. */
const readers = new Set(['run', ...helpGroups['Manage sweeps']!, ...helpGroups['Read results']!])

/**
 * Starts the embedded server of a home that already has a database, if the command needs it. A new home gets its
 * database only after the command has checked its arguments.
 */
export function earlyServer(shell: Shell, { name }: Description, given: readonly unknown[]): EarlyServer | null {
  const { env, cwd, stderr, line } = shell
  const { shard } = given.at(-1) as { readonly shard?: unknown }
  if (!readers.has(name) || shard !== undefined) return null
  if (env.DATABASE_URL || env.DRIFTFARM_URL || env.DRIFTFARM_ACCESS) return null
  const home = homeFolder(env, cwd, name === 'run' && given[0] !== '-' ? dirname(resolve(cwd, String(given[0]))) : cwd)
  if (!embeddedExists(home)) return null
  const onNotice = (text: string): void => {
    if (stderr.isTTY !== true) return
    line.clear()
    stderr.write(`${text}\n`)
  }
  let server: Promise<Embedded> | null = startEmbedded({ home, onNotice })
  server.catch(() => undefined) // the session reports it
  const take = () => {
    const taken = server
    server = null
    return taken
  }
  return {
    take,
    async close() {
      const left = await take()?.catch(() => null)
      await left?.close()
    },
  }
}
