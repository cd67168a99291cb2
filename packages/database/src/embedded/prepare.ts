import { withClient } from '../connect.ts'
import { codeOf, DatabaseError, messageOf } from '../errors.ts'
import { migrate, migrationState } from '../migrate.ts'
import { owner } from './cluster.ts'
import type { ServerRecord } from './record.ts'
import { ownerUrl } from './url.ts'

/**
 * Returns false while the server starts or stops. Throws a DatabaseError HOME if the server rejects the password.
 */
export async function probe(url: string): Promise<boolean> {
  try {
    await withClient(url, async () => {})
    return true
  } catch (error) {
    if (!(error instanceof DatabaseError) || codeOf(error.cause) !== '28P01') return false
    throw new DatabaseError('HOME', `The embedded server rejects the password in server.json: ${messageOf(error)}`)
  }
}

/** Creates the database if it is missing, and applies missing migrations. */
export async function prepare(record: ServerRecord, port: number, onNotice: (text: string) => void): Promise<void> {
  const url = ownerUrl(record, port)
  const state = await migrationState(url).catch((error: unknown) => {
    if (error instanceof DatabaseError && codeOf(error.cause) === '3D000') return 'missing' as const
    throw error
  })
  if (state === 'missing') {
    await withClient(ownerUrl(record, port, 'postgres'), (client) => client.query(`create database ${owner}`))
  }
  if (state === 'ahead')
    throw new DatabaseError('MIGRATION_AHEAD', 'The embedded database is newer than this driftfarm')
  if (state === 'behind') onNotice('Migrating the database of an earlier version (about one minute per million cells)')
  if (state !== 'current') await migrate(url, { readerPassword: record.readerPassword })
}
