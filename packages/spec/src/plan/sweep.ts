import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Grid } from '../axes/grid.ts'
import { deepFreeze } from '../document/value.ts'
import { idBytes } from '../identity.ts'
import type { ResolvedCell, Sweep, SweepIdentity } from '../sweep.ts'
import type { Cells } from './cells.ts'

type SweepHeader = Pick<Sweep, 'name' | 'seed' | 'tags' | 'priority' | 'demand' | 'maxTrials' | 'prepared' | 'designs'>

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
  const identity = (): SweepIdentity => known?.identity ?? runGenerator(identifying())
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
  return runGenerator(identityWalk(name, cells, count))
}

function runGenerator<T>(walk: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = walk.next()
    if (done === true) return value
  }
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
  const plan = sha256.create()
  let lines = ''
  for (const { index, id, params } of cells) {
    ids.add(id)
    lines += `${index} ${id} ${JSON.stringify(params)}\n`
    if (index % stride === stride - 1) yield index + 1
    if (lines.length < chunkCharacters) continue
    plan.update(utf8ToBytes(lines))
    lines = ''
  }
  return Object.freeze({ id: ids.idUnder(name), plan: bytesToHex(plan.update(utf8ToBytes(lines)).digest()) })
}

/** An id consists of 32-bit words, each with 8 hex digits. */
const wordsPerId = idBytes / 4

/** Number of characters of an id and the line end after it. */
const lineLength = 2 * idBytes + 1

const linesPerBuffer = 1000

const lineEnd = 10
const digits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** Stores up to `room` cell ids as bytes. A million ids take 16 MB; as strings they would take ten times as much. */
export class IdSet {
  readonly #words: Uint32Array
  #count = 0

  constructor(room: number) {
    this.#words = new Uint32Array(wordsPerId * room)
  }

  /** Adds an id of 32 hex digits. */
  add(id: string): void {
    const at = wordsPerId * this.#count++
    for (let i = 0; i < wordsPerId; i++) this.#words[at + i] = Number.parseInt(id.slice(8 * i, 8 * i + 8), 16)
  }

  /** Returns the id at `place` in the order of addition, counted from 0. */
  at(place: number): string {
    let text = ''
    for (let i = wordsPerId * place; i < wordsPerId * place + wordsPerId; i++)
      text += this.#words[i]!.toString(16).padStart(8, '0')
    return text
  }

  /**
   * Returns an id of 32 hex digits for this set of cells and a name. It is the hash of one line with the name as JSON,
   * followed by one line per distinct id in ascending order.
   */
  idUnder(name: string): string {
    const hash = sha256.create().update(utf8ToBytes(`${JSON.stringify(name)}\n`))
    const buffer = new Uint8Array(linesPerBuffer * lineLength)
    let used = 0
    let before = -1
    for (const place of this.#sorted()) {
      if (before >= 0 && this.#compare(before, place) === 0) continue
      before = place
      this.#write(place, buffer, used)
      used += lineLength
      if (used < buffer.length) continue
      hash.update(buffer)
      used = 0
    }
    return bytesToHex(hash.update(buffer.subarray(0, used)).digest().subarray(0, idBytes))
  }

  #sorted(): Uint32Array {
    const places = Uint32Array.from({ length: this.#count }, (_, place) => place)
    return places.sort((a, b) => this.#compare(a, b))
  }

  #compare(a: number, b: number): number {
    for (let i = 0; i < wordsPerId; i++) {
      const difference = this.#words[wordsPerId * a + i]! - this.#words[wordsPerId * b + i]!
      if (difference !== 0) return difference
    }
    return 0
  }

  #write(place: number, buffer: Uint8Array, start: number): void {
    let at = start
    for (let i = wordsPerId * place; i < wordsPerId * place + wordsPerId; i++)
      for (let shift = 28; shift >= 0; shift -= 4) buffer[at++] = digits[(this.#words[i]! >>> shift) & 15]!
    buffer[at] = lineEnd
  }
}
