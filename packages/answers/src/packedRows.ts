import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { SortedRows } from '@driftfarm/report'

/**
 * Number of characters that are compressed together: enough to find repetitions, and few enough to decompress with
 * little memory.
 */
const packLetters = 1_000_000

/**
 * Holds rows in memory. The rows are compressed to a few tens of bytes each, because a sweep may have a million rows.
 */
export class PackedRows<Row> implements SortedRows<Row> {
  readonly #packs: Buffer[] = []
  #lines: string[] = []
  #letters = 0

  add(row: Row): void {
    const line = JSON.stringify(row)
    this.#lines.push(line)
    this.#letters += line.length
    if (this.#letters < packLetters) return
    this.#packs.push(deflateRawSync(this.#lines.join('\n'), { level: 1 }))
    this.#lines = []
    this.#letters = 0
  }

  *[Symbol.iterator](): Generator<Row> {
    for (const pack of this.#packs)
      for (const line of inflateRawSync(pack).toString().split('\n')) yield JSON.parse(line) as Row
    for (const line of this.#lines) yield JSON.parse(line) as Row
  }
}
