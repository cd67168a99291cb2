import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { idBytes } from '../identity.ts'

interface Hashed {
  readonly text: string
  /** The first digits of the SHA-256 of `text`: the id of the cell if `text` is its canonical JSON. */
  readonly id: string
}

/**
 * Hashes texts that consist of the same number of pieces. Leading pieces that equal the pieces of the previous text are
 * not hashed again. Most neighbouring cells differ only in the update, which is the last quarter of their text.
 */
export class ChainedHash {
  readonly #encoder = new TextEncoder()
  readonly #buffer = new Uint8Array(4096)
  readonly #digest = new Uint8Array(32)
  readonly #work = sha256.create()
  /** The state of the hash after the first `#kept` pieces of `#pieces`. `#head` is the text of these pieces. */
  readonly #state = sha256.create()
  #kept = 0
  #head = ''
  #pieces: readonly string[] = []

  of(pieces: readonly string[]): Hashed {
    const same = this.#common(pieces)
    if (same < this.#kept) this.#begin()
    this.#keepUpTo(same, pieces)
    this.#pieces = pieces
    let text = this.#head
    this.#state._cloneInto(this.#work)
    for (let i = this.#kept; i < pieces.length; i++) {
      text += pieces[i]!
      this.#work.update(this.#bytes(pieces[i]!))
    }
    this.#work.digestInto(this.#digest)
    return { text, id: bytesToHex(this.#digest.subarray(0, idBytes)) }
  }

  #common(pieces: readonly string[]): number {
    let same = 0
    while (same < this.#pieces.length && this.#pieces[same] === pieces[same]) same++
    return same
  }

  #begin(): void {
    sha256.create()._cloneInto(this.#state)
    this.#kept = 0
    this.#head = ''
  }

  #keepUpTo(count: number, pieces: readonly string[]): void {
    for (; this.#kept < count; this.#kept++) {
      this.#head += pieces[this.#kept]!
      this.#state.update(this.#bytes(pieces[this.#kept]!))
    }
  }

  /** The result is valid until the next call, since short pieces are encoded into a reused buffer. */
  #bytes(piece: string): Uint8Array {
    if (3 * piece.length > this.#buffer.length) return utf8ToBytes(piece)
    return this.#buffer.subarray(0, this.#encoder.encodeInto(piece, this.#buffer).written)
  }
}
