import type { DataTable } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import { settings } from './settings.ts'

export const bytesOf = (data: DataTable | null): number => data?.values.byteLength ?? 0

/** Weight of what goes with so much data: one that is heavier than all may be is kept alone, until another comes. */
export const weightOf = (bytes: number, heaviest: number): number => Math.min(Math.max(bytes, 1), heaviest)

/** The data sets of this process, in memory that its threads share: each is read once, while whoever needs it waits. */
export class DataCache {
  private readonly tables: LRUCache<string, DataTable>

  constructor(read: (hash: string) => Promise<DataTable>) {
    this.tables = new LRUCache({
      max: settings.dataSets,
      maxSize: settings.dataBytes,
      sizeCalculation: (data) => weightOf(bytesOf(data), settings.dataBytes),
      // One that is pushed out while it is being read still serves those who wait for it.
      ignoreFetchAbort: true,
      fetchMethod: read,
    })
  }

  get(hash: string): Promise<DataTable> {
    return this.tables.forceFetch(hash)
  }
}
