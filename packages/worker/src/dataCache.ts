import type { DataTable } from '@driftfarm/spec'
import { Lru } from './lru.ts'
import { settings } from './settings.ts'

export const bytesOf = (data: DataTable | null): number => data?.values.byteLength ?? 0

/** The data sets of this process, in memory that its threads share: each is read once, while whoever needs it waits. */
export class DataCache {
  private readonly ready = new Lru<string, DataTable>(settings.dataSets, {
    weigh: bytesOf,
    heaviest: settings.dataBytes,
  })
  private readonly reading = new Map<string, Promise<DataTable>>()

  constructor(private readonly read: (hash: string) => Promise<DataTable>) {}

  get(hash: string): Promise<DataTable> {
    const known = this.ready.get(hash)
    if (known !== undefined) return Promise.resolve(known)
    const begun = this.reading.get(hash)
    if (begun !== undefined) return begun
    const reading = this.read(hash)
      .then((data) => {
        this.ready.set(hash, data)
        return data
      })
      .finally(() => this.reading.delete(hash))
    this.reading.set(hash, reading)
    return reading
  }
}
