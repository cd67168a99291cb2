import type { DataTable } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import { settings } from './settings.ts'

export const bytesOf = (data: DataTable | null): number => data?.values.byteLength ?? 0

/**
 * The weight of a cache entry of this many bytes. An entry heavier than the limit counts as the limit, so that it is
 * the only entry until another one is added.
 */
export const weightOf = (bytes: number, heaviest: number): number => Math.min(Math.max(bytes, 1), heaviest)

/** The data sets of this process, in memory that its threads share. Each is read once, while all users of it wait. */
export class DataCache {
  private readonly tables: LRUCache<string, DataTable>

  constructor(read: (hash: string) => Promise<DataTable>) {
    this.tables = new LRUCache({
      max: settings.dataSets,
      maxSize: settings.dataBytes,
      sizeCalculation: (data) => weightOf(bytesOf(data), settings.dataBytes),
      // A data set that is evicted while it is being read still reaches those that wait for it.
      ignoreFetchAbort: true,
      fetchMethod: read,
    })
  }

  get(hash: string): Promise<DataTable> {
    return this.tables.forceFetch(hash)
  }
}
