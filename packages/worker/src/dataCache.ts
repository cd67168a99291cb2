import type { DataTable } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import { settings } from './settings.ts'

export const bytesOf = (data: DataTable | null): number => data?.values.byteLength ?? 0

/**
 * Returns the weight of an entry with this many bytes, in a cache whose total weight is at most `heaviest`. An entry
 * with more bytes than `heaviest` also has this weight, so that the cache accepts it and then holds nothing else.
 */
export const weightOf = (bytes: number, heaviest: number): number => Math.min(Math.max(bytes, 1), heaviest)

/**
 * The data sets of this process, in memory that its threads share. Each data set is read once, and all its users wait
 * for this read.
 */
export class DataCache {
  private readonly tables: LRUCache<string, DataTable>

  constructor(read: (hash: string) => Promise<DataTable>) {
    this.tables = new LRUCache({
      max: settings.dataSets,
      maxSize: settings.dataBytes,
      sizeCalculation: (data) => weightOf(bytesOf(data), settings.dataBytes),
      // A data set that is evicted while it is being read still reaches the callers that wait for it.
      ignoreFetchAbort: true,
      fetchMethod: read,
    })
  }

  get(hash: string): Promise<DataTable> {
    return this.tables.forceFetch(hash)
  }
}
