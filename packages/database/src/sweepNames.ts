import { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { readRecord } from './embedded/record.ts'
import { readerUrl } from './embedded/url.ts'

/** A database by its address, or the embedded one of a home. */
export type NamesPlace = { readonly url: string } | { readonly home: string }

/** More names than this are no help to anybody who types one. */
const mostNames = 200

/**
 * The names of the newest sweeps, for whoever is typing one: of a server that runs already, none is started. Without an
 * answer within `timeoutMs`, or where something is wrong, there are none.
 */
export async function sweepNames(place: NamesPlace, timeoutMs: number): Promise<readonly string[]> {
  const socket = new Socket()
  const over = new AbortController()
  try {
    const url = 'url' in place ? place.url : runningUrl(place.home)
    if (url === null) return []
    const names = namesAt(url, socket)
    names.catch(() => undefined) // it is cut off when the time is over
    return await Promise.race([names, wait(timeoutMs, [], { signal: over.signal })])
  } catch {
    return []
  } finally {
    over.abort()
    socket.destroy()
  }
}

/** Where the server of the home listens, or did: whether it runs is seen by asking it. */
function runningUrl(home: string): string | null {
  const record = readRecord(home)
  return record?.port === undefined ? null : readerUrl(record, record.port)
}

async function namesAt(connectionString: string, socket: Socket): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString, stream: () => socket, application_name: 'driftfarm completion' })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `select name from sweep where newest order by submitted_at desc limit ${mostNames}`,
  )
  return rows.map(({ name }) => name)
}
