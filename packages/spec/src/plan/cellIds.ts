import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Cell } from '../cell.ts'
import { canonicalJson, idBytes } from '../identity.ts'

/** The keys of a cell in the order of its canonical JSON. */
const keys = ['kernel', 'landscape', 'method', 'seed', 'start', 'streams', 'trial', 'update'] as const

/**
 * Makes the canonical JSON of cells and its hash. Leading values that are the same objects as in the previous cell are
 * not hashed again. Most neighbouring cells differ only in the update, which is the last quarter of their text.
 */
export class CellIds {
  #last: Cell | null = null
  /** The text of the first `#kept` values of the last cell, and the state of the hash after them. */
  #head = ''
  #state = sha256.create()
  #kept = 0
  readonly #work = sha256.create()

  of(cell: Cell): { readonly id: string; readonly canonical: string } {
    let same = 0
    while (same < keys.length && cell[keys[same]!] === this.#last?.[keys[same]!]) same++
    if (same < this.#kept) {
      this.#state = sha256.create()
      this.#head = ''
      this.#kept = 0
    }
    const kept = textOf(cell, this.#kept, same)
    this.#state.update(utf8ToBytes(kept))
    this.#head += kept
    this.#kept = same
    this.#last = cell
    const rest = `${textOf(cell, same, keys.length)}}`
    this.#state._cloneInto(this.#work)
    const hash = this.#work.update(utf8ToBytes(rest)).digest()
    return { id: bytesToHex(hash.subarray(0, idBytes)), canonical: this.#head + rest }
  }
}

function textOf(cell: Cell, from: number, to: number): string {
  let text = ''
  for (let i = from; i < to; i++) text += `${i === 0 ? '{' : ','}"${keys[i]!}":${canonicalJson(cell[keys[i]!])}`
  return text
}
