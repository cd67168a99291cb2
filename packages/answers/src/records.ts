import { type Database, type OutcomeChunk, readOutcomes, trialAt } from '@driftfarm/database'

export interface StoredRecord {
  readonly trial: number
  readonly record: Uint8Array
}

/** The kept records of the batch that begins at `first`, bit for bit what the kernel made. */
export async function storedRecords(database: Database, cellId: string, first: number): Promise<StoredRecord[]> {
  for await (const chunk of readOutcomes(database, cellId, first, Number.MAX_SAFE_INTEGER))
    return chunk.first === first ? Array.from({ length: chunk.count }, (_, place) => recordAt(chunk, place)) : []
  return []
}

/** The kept record of one trial; null where none is kept. */
export async function storedOutcome(database: Database, cellId: string, trial: number): Promise<Uint8Array | null> {
  for await (const chunk of readOutcomes(database, cellId, trial, trial + 1)) return recordAt(chunk, 0).record
  return null
}

const recordAt = (chunk: OutcomeChunk, place: number): StoredRecord => ({
  trial: trialAt(chunk, place),
  record: chunk.records.subarray(place * chunk.bytes, (place + 1) * chunk.bytes),
})
