import { beginningOf, type Cell, canonicalJson } from '@driftfarm/spec'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { Xoshiro } from './xoshiro.ts'

/** Purposes of the random numbers of a trial; each has its own stream. */
export const purposes = { start: 0, data: 1, drift: 2, auxiliary: 3, dropout: 4, labels: 5 } as const
export type Purpose = keyof typeof purposes

/** Two key words and one counter word of Philox, unsigned 32-bit integers. */
export type StreamKey = readonly [number, number, number]

/** Change this tag whenever streams are derived in a different way. */
const tag = 'driftfarm streams 1'

/**
 * The key of the streams of a cell, from the SHA-256 of tag, seed and canonical cell. With common streams, the hash
 * leaves out the cell. Trials with the same index then have the same noise in all cells with the same seed.
 */
export function streamKey(cell: Cell): StreamKey {
  // The text of a cell begins with the kernel version. The hash omits it, so a later kernel draws the same numbers.
  const scope = cell.streams === 'common' ? 'common' : canonicalJson(cell).replace(/^\{"kernel":\d+,/, '{')
  const hash = hashOf(`${tag}\n${cell.seed}\n${scope}`)
  const words = new DataView(hash.buffer, hash.byteOffset, hash.byteLength)
  return [words.getUint32(0, true), words.getUint32(4, true), words.getUint32(8, true)]
}

/** `state` is the state of the hash after `beginning`. The cells of a sweep share a beginning, hashed only once. */
let latest = { beginning: '', state: sha256.create() }

function hashOf(text: string): Uint8Array {
  const beginning = beginningOf(text)
  if (latest.beginning !== beginning) latest = { beginning, state: sha256.create().update(utf8ToBytes(beginning)) }
  const { state } = latest
  return state
    .clone()
    .update(utf8ToBytes(text.slice(beginning.length)))
    .digest()
}

export function trialStream(key: StreamKey, trial: number, purpose: Purpose): Xoshiro {
  return streamOf(key, trial % 2 ** 32, Math.floor(trial / 2 ** 32), purpose)
}

/**
 * The generator for one purpose of the trial with index low + 2^32 high. Both halves are below 2^32; the index may
 * exceed 2^53.
 */
export function streamOf(key: StreamKey, low: number, high: number, purpose: Purpose): Xoshiro {
  // The two blocks of the state differ, because Philox is a bijection. The state is therefore never zero.
  const state = new Uint32Array(8)
  for (const block of [0, 1]) {
    const counter = [low, high, purposes[purpose] * 2 ** 16 + block, key[2]] as const
    state.set(philox4x32(counter, [key[0], key[1]]), 4 * block)
  }
  return new Xoshiro(state)
}

type Words = readonly [number, number, number, number]

const multiplier0 = 0xd2511f53
const multiplier1 = 0xcd9e8d57

/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers, as easy as 1, 2, 3; SC 2011): a bijection of
 * 128-bit counters for each 64-bit key. Words are unsigned 32-bit integers.
 */
export function philox4x32(counter: Words, key: readonly [number, number]): Words {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const first = BigInt(c0) * BigInt(multiplier0)
    const second = BigInt(c2) * BigInt(multiplier1)
    c0 = (high(second) ^ c1 ^ k0) >>> 0
    c1 = low(second)
    c2 = (high(first) ^ c3 ^ k1) >>> 0
    c3 = low(first)
    k0 = (k0 + 0x9e3779b9) >>> 0
    k1 = (k1 + 0xbb67ae85) >>> 0
  }
  return [c0, c1, c2, c3]
}

function high(product: bigint): number {
  return Number(product >> 32n)
}

function low(product: bigint): number {
  return Number(product & 0xffffffffn)
}
