import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { once } from '../mistakes.ts'

/**
 * One axis of a Latin hypercube: the midpoints of `count` equal parts of 0 .. 1, each once. The order depends on the
 * seed and the name of the axis, but not on the other axes.
 */
export function latinCoordinate(count: number, seed: string, name: string): (index: number) => number {
  const order = once(() => permutation(count, `driftfarm latin 1\n${seed} ${name}\n`))
  return (index) => (order()[index]! + 0.5) / count
}

/** Fisher-Yates shuffle. If the output of SHA-256 is uniform, all permutations are equally likely. */
function permutation(count: number, key: string): Uint32Array {
  const words = wordsOf(key)
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = below(i + 1, words)
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}

/**
 * Returns a random integer from 0 to bound - 1. `words` yields random 32-bit integers. A word is skipped if it is not
 * below the largest multiple of `bound` up to 2^32, because such words would make small results likelier.
 */
function below(bound: number, words: Generator<number, never>): number {
  const most = 2 ** 32 - (2 ** 32 % bound)
  for (;;) {
    const word = words.next().value
    if (word < most) return word % bound
  }
}

/** 32-bit integers from SHA-256 of the key and a counter. */
function* wordsOf(key: string): Generator<number, never> {
  const text = utf8ToBytes(key)
  const message = new Uint8Array(text.length + 4)
  message.set(text)
  const counter = new DataView(message.buffer, text.length)
  for (let count = 0; ; count++) {
    counter.setUint32(0, count)
    const hash = sha256(message)
    const block = new DataView(hash.buffer, hash.byteOffset, hash.byteLength)
    for (let at = 0; at < block.byteLength; at += 4) yield block.getUint32(at)
  }
}
