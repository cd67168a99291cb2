import { owner } from './cluster.ts'
import type { ServerRecord } from './record.ts'

/** The role of outside clients, made by the migrations. */
export const readerRole = 'driftfarm_reader'

export const ownerUrl = (record: ServerRecord, port: number, database: string = owner): string =>
  `postgresql://${owner}:${record.ownerPassword}@127.0.0.1:${port}/${database}`

export const readerUrl = (record: ServerRecord, port: number): string =>
  `postgresql://${readerRole}:${record.readerPassword}@127.0.0.1:${port}/${owner}`
