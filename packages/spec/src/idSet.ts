import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { idBytes } from './identity.ts'

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
