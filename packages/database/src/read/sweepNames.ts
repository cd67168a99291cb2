import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { nullIf } from '@driftfarm/formula'
import type { Database } from '../connection/database.ts'
import { readerUrl, readRecord } from '../embedded/record.ts'

/** The database at this URL, or the embedded database of this home. */
export type NamesSource = { readonly url: string } | { readonly home: string }

/** A longer list would not help a user who is typing a name. */
const maxNames = 200
const keysOf = (part: 'params' | 'estimates') =>
  `array(select distinct c ->> 'key' from jsonb_array_elements(s.columns) c where c ->> 'of' = '${part}' order by 1)`
const newest = `select s.name, ${keysOf('params')} as paths, ${keysOf('estimates')} as estimates from sweep s
                 where s.newest order by s.submitted_at desc limit ${maxNames}`

/** What shell completion offers for a sweep: its name, swept paths and estimates. */
export interface NamedSweep {
  readonly name: string
  readonly paths: readonly string[]
  readonly estimates: readonly string[]
}

/**
 * The newest sweeps, for shell completion. If the server is running and answers within `timeoutMs`, the
 * names come from the server. Otherwise, they come from the file that `storeNames` wrote to the home; for a URL, the
 * list is empty. Never starts a server and never throws.
 */
export async function sweepNames(place: NamesSource, timeoutMs: number): Promise<readonly NamedSweep[]> {
  const socket = new Socket()
  const over = new AbortController()
  try {
    const url = 'url' in place ? place.url : recordedUrl(place.home)
    const kept = 'url' in place ? [] : storedNames(place.home)
    if (url === null) return kept
    // The promise rejects if the socket is destroyed at the time limit.
    const names = namesAt(url, socket).catch(() => kept)
    return await Promise.race([names, wait(timeoutMs, kept, { signal: over.signal })])
  } catch {
    return []
  } finally {
    over.abort()
    socket.destroy()
  }
}

const namesFile = (home: string): string => join(home, 'names.json')

/** Writes the names to a file in the home, to be used while the embedded server is not running. Never throws. */
export async function storeNames({ pool }: Pick<Database, 'pool'>, home: string): Promise<void> {
  try {
    const { rows } = await pool.query<NamedSweep>(newest)
    writeFileSync(namesFile(home), JSON.stringify(rows))
  } catch {
    // An error is harmless, because the names are used only for shell completion.
  }
}

function storedNames(home: string): readonly NamedSweep[] {
  const stored: unknown = nullIf(Error, () => JSON.parse(readFileSync(namesFile(home), 'utf8')))
  const sweeps: readonly (NamedSweep | string)[] = Array.isArray(stored) ? stored : []
  // Earlier versions stored only names.
  return sweeps.map((each) => (typeof each === 'string' ? { name: each, paths: [], estimates: [] } : each))
}

/** Null if no server is running. A server that was killed may seem to be running. */
function recordedUrl(home: string): string | null {
  const record = readRecord(home)
  const isRunning = existsSync(join(record?.place ?? join(home, 'postgres'), 'data', 'postmaster.pid'))
  return record?.port === undefined || !isRunning ? null : readerUrl(record, record.port)
}

async function namesAt(connectionString: string, socket: Socket): Promise<readonly NamedSweep[]> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString, stream: () => socket, application_name: 'driftfarm completion' })
  client.on('error', () => undefined)
  await client.connect()
  return (await client.query<NamedSweep>(newest)).rows
}
