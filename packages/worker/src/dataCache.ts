import { type DataTable, sizeOf, type Tables } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import { settings } from './settings.ts'

export const bytesOf = (tables: Tables): number => tables.reduce((sum, { values }) => sum + sizeOf(values), 0)

export const hashesOf = (tables: readonly Pick<DataTable, 'hash'>[]): string => tables.map(({ hash }) => hash).join(' ')

/**
 * The cache rejects entries that weigh more than its limit `heaviest`. An entry with more bytes than the limit gets the
 * weight `heaviest`, so that the cache keeps it and removes all other entries.
 */
export const weightOf = (bytes: number, heaviest: number): number => Math.min(Math.max(bytes, 1), heaviest)

export type ReadData = (hash: string) => Promise<DataTable>

/** The data sets are in memory that the threads share. Simultaneous callers share one read of a data set. */
export function cachedData(read: ReadData): ReadData {
  const tables = new LRUCache<string, DataTable>({
    max: settings.dataSets,
    maxSize: settings.dataBytes,
    sizeCalculation: (data) => weightOf(bytesOf([data]), settings.dataBytes),
    // A data set that is evicted while it is being read still reaches the callers that wait for it.
    ignoreFetchAbort: true,
    fetchMethod: read,
  })
  return (hash) => tables.forceFetch(hash)
}
