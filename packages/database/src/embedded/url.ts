import { readerUrl as asReader } from '../reader.ts'
import { owner } from './cluster.ts'
import type { ServerRecord } from './record.ts'

export const ownerUrl = (record: ServerRecord, port: number, database: string = owner): string =>
  `postgresql://${owner}:${record.ownerPassword}@127.0.0.1:${port}/${database}`

export const readerUrl = (record: ServerRecord, port: number): string =>
  asReader(ownerUrl(record, port), record.readerPassword)
