import { createHash } from 'node:crypto'

/** All of a run is determined by one number: seeds are SHA-256 of it and of what they are for. */
export class Seeds {
  readonly #master: string

  constructor(master: string) {
    this.#master = master
  }

  /** A seed of a cell, 0 .. 2^64 - 1. */
  cell(...path: readonly (string | number)[]): string {
    return String(this.#hash(path).readBigUInt64LE(0))
  }

  /** Uniform numbers in (0, 1): the generator sfc32 (Doty-Humphrey, PractRand). */
  uniforms(...path: readonly (string | number)[]): () => number {
    const hash = this.#hash(path)
    let [a, b, c, counter] = [0, 4, 8, 12].map((at) => hash.readInt32LE(at)) as [number, number, number, number]
    const next = () => {
      const out = (a + b + counter) | 0
      counter = (counter + 1) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = ((c << 21) | (c >>> 11)) + out
      return ((out >>> 0) + 0.5) / 2 ** 32
    }
    for (let i = 0; i < 15; i++) next()
    return next
  }

  #hash(path: readonly (string | number)[]): Buffer {
    return createHash('sha256')
      .update(JSON.stringify([this.#master, ...path]))
      .digest()
  }
}
