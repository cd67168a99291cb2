import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Grid } from '../axes/grid.ts'
import { resultOf } from '../cached.ts'
import { deepFreeze } from '../document/value.ts'
import { idBytes } from '../identity.ts'
import type { ResolvedCell, Sweep, SweepIdentity } from '../sweep.ts'
import type { Cells } from './cells.ts'

type SweepHeader = Pick<
  Sweep,
  'name' | 'seed' | 'tags' | 'landscape' | 'priority' | 'demand' | 'maxTrials' | 'prepared' | 'designs'
>

/** `kept` lists the grid points that satisfy `where`; null stands for all points. */
export function sweepOf(header: SweepHeader, grid: Grid, cells: Cells, kept: Uint32Array | null): Sweep {
  const cellCount = kept?.length ?? grid.size
  // Hashing is a third of the work of making a cell, so all ids are stored once they are known, at 16 bytes each.
  let known: { readonly identity: SweepIdentity; readonly ids: IdSet } | null = null
  const cell = (index: number): ResolvedCell => {
    if (!Number.isInteger(index) || index < 0 || index >= cellCount) {
      throw new RangeError(`there is no cell ${index}: cells are numbered 0 to ${cellCount - 1}`)
    }
    return cells.cell(cells.point(kept?.[index] ?? index), index, known?.ids.at(index) ?? null)
  }
  function* all(): Iterable<ResolvedCell> {
    for (let index = 0; index < cellCount; index++) yield cell(index)
  }
  function* identifying(): Generator<number, SweepIdentity> {
    if (known !== null) return known.identity
    const ids = new IdSet(cellCount)
    known = { identity: yield* identityWalk(header.name, all(), cellCount, ids), ids }
    return known.identity
  }
  const identity = (): SweepIdentity => known?.identity ?? resultOf(identifying())
  function* ids(): Iterable<string> {
    identity()
    for (let index = 0; index < cellCount; index++) yield known!.ids.at(index)
  }
  return Object.freeze({
    ...deepFreeze(header),
    axes: Object.freeze(grid.columns.map(({ name }) => name)),
    cellCount,
    cell,
    cells: all,
    ids,
    identity,
    identifying,
    id: () => identity().id,
  })
}

const chunkCharacters = 32_768

/** Number of cells after which a walk may pause. Making 1000 cells takes a few milliseconds. */
const stride = 1_000

/** Returns the identity of a sweep of `count` cells. Reads each cell once and stores 16 bytes for it. */
export function sweepIdentity(name: string, cells: Iterable<ResolvedCell>, count: number): SweepIdentity {
  return resultOf(identityWalk(name, cells, count))
}

/**
 * Like `sweepIdentity`, but yields the number of cells read so far after each stride, so that the caller can do other
 * work in between. Stores the ids in `ids`, which must be empty at first.
 */
export function* identityWalk(
  name: string,
  cells: Iterable<ResolvedCell>,
  count: number,
  ids = new IdSet(count),
): Generator<number, SweepIdentity> {
  const plan = new LineHash()
  for (const { index, id, params } of cells) {
    ids.add(id)
    plan.add(`${index} ${id} ${JSON.stringify(params)}`)
    if (index % stride === stride - 1) yield index + 1
  }
  return Object.freeze({ id: ids.idUnder(name), plan: bytesToHex(plan.digest()) })
}

/** Hashes a text line by line. */
class LineHash {
  readonly #hash = sha256.create()
  #lines = ''

  add(line: string): void {
    this.#lines += `${line}\n`
    if (this.#lines.length >= chunkCharacters) this.#flush()
  }

  digest(): Uint8Array {
    this.#flush()
    return this.#hash.digest()
  }

  #flush(): void {
    this.#hash.update(utf8ToBytes(this.#lines))
    this.#lines = ''
  }
}

/** Stores up to `room` cell ids as bytes. A million ids take 16 MB; as strings they would take ten times as much. */
export class IdSet {
  readonly #bytes: Uint8Array
  #count = 0

  constructor(room: number) {
    this.#bytes = new Uint8Array(idBytes * room)
  }

  /** Adds an id of 32 hex digits. */
  add(id: string): void {
    this.#bytes.set(hexToBytes(id), idBytes * this.#count++)
  }

  /** Returns the id at `place` in the order of addition, counted from 0. */
  at(place: number): string {
    return bytesToHex(this.#bytes.subarray(idBytes * place, idBytes * (place + 1)))
  }

  /**
   * Returns an id of 32 hex digits for this set of cells and a name. It is the hash of one line with the name as JSON,
   * followed by one line per distinct id in ascending order.
   */
  idUnder(name: string): string {
    const hash = new LineHash()
    hash.add(JSON.stringify(name))
    const places = Uint32Array.from({ length: this.#count }, (_, place) => place).sort((a, b) => this.#compare(a, b))
    for (const [i, place] of places.entries())
      if (i === 0 || this.#compare(places[i - 1]!, place) !== 0) hash.add(this.at(place))
    return bytesToHex(hash.digest().subarray(0, idBytes))
  }

  #compare(a: number, b: number): number {
    for (let i = 0; i < idBytes; i++) {
      const difference = this.#bytes[idBytes * a + i]! - this.#bytes[idBytes * b + i]!
      if (difference !== 0) return difference
    }
    return 0
  }
}
