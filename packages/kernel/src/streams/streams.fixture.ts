import { places } from '../memory/map.ts'
import { compileFiles } from '../run/compile.ts'
import { ziggurat } from './normal.ts'
import { type Purpose, purposes, type StreamKey } from './streams.ts'

/** Which stream of random words: `packages/kernel/src/streams.ts` says the same of one at a time. */
export interface StreamSelector {
  readonly key: StreamKey
  readonly trial: number
  readonly purpose: Purpose
}

/** Counts of standard normals over a long draw. */
export interface NormalCounts {
  readonly n: number
  /** Sums of x, x^2, x^3, x^4. */
  readonly sums: readonly [number, number, number, number]
  /** Per threshold of `tailsAt`: values above it and below its negative. */
  readonly tails: readonly (readonly [above: number, below: number])[]
  /** Values in [i/64, (i + 1)/64), i = -512 .. 511. */
  readonly bins: Float64Array
}
export const tailsAt = [3, 4, 5, 6] as const

/** Draws of the drift turned into something else, to see that a test would notice. */
export interface Distortion {
  /** Factor on every normal. */
  readonly scale?: number
  /** Magnitudes above it become it. */
  readonly most?: number
}

const slotsAt = 0x100000
const maxSlots = 65_536
const bufferAt = slotsAt + 32 * maxSlots
const bufferBytes = 1 << 20
const binsAt = bufferAt
const countsAt = bufferAt + 8 * 1024

interface Exports {
  readonly memory: WebAssembly.Memory
  seed(slot: number, key0: number, key1: number, key2: number, trial: bigint, purpose: number): void
  words(slots: number, block: number, rounds: number): void
  normals(slots: number, block: number, rounds: number): void
  cumulative(count: number): void
  count(steps: number, scale: number, most: number): void
}

// Slots lie in pairs as the lanes of a vector do. `words` and `normals` take `block` draws of each slot in turn.
const source = `
import { fraction, layerAt, layerOffset, ratios, repair, signed, widths } from './normal'
import { seedLane } from './philox'
import { nextLane, output, rotate } from './xoshiro'
import { erf_v } from './elementary'

// @ts-ignore: decorator
@inline
function place(slot: i32): usize { return ${slotsAt} + (<usize>(slot >> 1) << 6) + (<usize>(slot & 1) << 3) }

export function seed(slot: i32, key0: u32, key1: u32, key2: u32, trial: i64, purpose: u32): void {
  seedLane(place(slot), key0, key1, key2, trial, purpose)
}

export function words(slots: i32, block: i32, rounds: i32): void {
  let to: usize = ${bufferAt}
  for (let round = 0; round < rounds; round++) {
    for (let slot = 0; slot < slots; slot++) {
      for (let i = 0; i < block; i++) {
        store<u64>(to, nextLane(place(slot)))
        to += 8
      }
    }
  }
}

function draw(state: usize): v128 {
  let s0 = v128.load(state, 0), s1 = v128.load(state, 16), s2 = v128.load(state, 32), s3 = v128.load(state, 48)
  const bits = output(s0, s3)
  const t = i64x2.shl(s1, 17)
  s2 = v128.xor(s2, s0)
  s3 = v128.xor(s3, s1)
  s1 = v128.xor(s1, s2)
  s0 = v128.xor(s0, s3)
  v128.store(state, s0, 0)
  v128.store(state, s1, 16)
  v128.store(state, v128.xor(s2, t), 32)
  v128.store(state, rotate(s3, 45), 48)
  const offset = layerOffset(bits)
  const first = layerAt(i32x4.extract_lane(offset, 0))
  const second = layerAt(i32x4.extract_lane(offset, 2))
  const f = fraction(bits)
  const outside = f64x2.ge(f, ratios(first, second))
  const x = signed(f64x2.mul(f, widths(first, second)), bits)
  return i64x2.bitmask(outside) != 0 ? repair(state, bits, x, outside) : x
}

export function normals(slots: i32, block: i32, rounds: i32): void {
  let to: usize = ${bufferAt}
  for (let round = 0; round < rounds; round++) {
    for (let slot = 0; slot < slots; slot += 2) {
      for (let i = 0; i < block; i++) {
        const x = draw(place(slot))
        store<f64>(to + (<usize>i << 3), f64x2.extract_lane(x, 0))
        store<f64>(to + (<usize>(block + i) << 3), f64x2.extract_lane(x, 1))
      }
      to += <usize>block << 4
    }
  }
}

/** Each pair of normals becomes the upper 32 bits of their two uniforms Phi(x). */
export function cumulative(count: i32): void {
  for (let i: usize = 0; i < <usize>count; i += 2) {
    const x = v128.load(${bufferAt} + (i << 3))
    const u = f64x2.add(
      f64x2.mul(erf_v(f64x2.mul(x, f64x2.splat(0.7071067811865476))), f64x2.splat(0.5)),
      f64x2.splat(0.5))
    const word = i32x4.trunc_sat_f64x2_u_zero(f64x2.floor(f64x2.mul(u, f64x2.splat(4294967296))))
    store<u64>(${bufferAt} + (i << 2), i64x2.extract_lane(word, 0))
  }
}

/** Four vectors at a time, their states in memory: moments, tails and bins. */
export function count(steps: i32, scale: f64, most: f64): void {
  let first = v128.load(${countsAt}), second = v128.load(${countsAt}, 16)
  let third = v128.load(${countsAt}, 32), fourth = v128.load(${countsAt}, 48)
  const factor = f64x2.splat(scale), bound = f64x2.splat(most), low = f64x2.splat(-most)
  for (let i = 0; i < steps; i++) {
    for (let v = 0; v < 8; v += 2) {
      const x = f64x2.pmax(f64x2.pmin(f64x2.mul(draw(place(v)), factor), bound), low)
      const square = f64x2.mul(x, x)
      first = f64x2.add(first, x)
      second = f64x2.add(second, square)
      third = f64x2.add(third, f64x2.mul(square, x))
      fourth = f64x2.add(fourth, f64x2.mul(square, square))
      const at = i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(f64x2.mul(x, f64x2.splat(64))))
      bin(i32x4.extract_lane(at, 0))
      bin(i32x4.extract_lane(at, 1))
      if (i64x2.bitmask(f64x2.gt(square, f64x2.splat(9))) != 0) {
        tails(f64x2.extract_lane(x, 0))
        tails(f64x2.extract_lane(x, 1))
      }
    }
  }
  v128.store(${countsAt}, first)
  v128.store(${countsAt}, second, 16)
  v128.store(${countsAt}, third, 32)
  v128.store(${countsAt}, fourth, 48)
}

// @ts-ignore: decorator
@inline
function bin(at: i32): void {
  if (at < -512 || at > 511) return
  const place = ${binsAt} + (<usize>(at + 512) << 3)
  store<u64>(place, load<u64>(place) + 1)
}

function tails(x: f64): void {
  for (let threshold = 3; threshold <= 6; threshold++) {
    const place = ${countsAt + 64} + (<usize>(threshold - 3) << 4)
    if (x > <f64>threshold) store<u64>(place, load<u64>(place) + 1)
    if (x < <f64>-threshold) store<u64>(place, load<u64>(place, 8) + 1, 8)
  }
}
`

/** Many streams at once, drawn by the code that the kernel draws with. */
export class Streams {
  private constructor(
    private readonly exports: Exports,
    private readonly slots: number,
  ) {}

  /** `slots` are drawn from in their order; an even number of them. */
  static async of(slots: readonly StreamSelector[]): Promise<Streams> {
    if (slots.length % 2 !== 0 || slots.length > maxSlots) throw new RangeError(`${slots.length} slots`)
    module ??= compileFiles({ 'streams.ts': source }, 'streams.ts').then((bytes) =>
      WebAssembly.compile(bytes as BufferSource),
    )
    const exports = new WebAssembly.Instance(await module, {}).exports as unknown as Exports
    exports.memory.grow((bufferAt + bufferBytes) / 65_536)
    const { widths, ratios, densities } = ziggurat()
    new Float64Array(exports.memory.buffer, places.layers, 2 * widths.length).set(
      Float64Array.from({ length: 2 * widths.length }, (_, i) => (i % 2 === 0 ? ratios : widths)[i >> 1]!),
    )
    new Float64Array(exports.memory.buffer, places.densities, densities.length).set(densities)
    for (const [slot, { key, trial, purpose }] of slots.entries()) {
      exports.seed(slot, ...key, BigInt(trial), purposes[purpose])
    }
    return new Streams(exports, slots.length)
  }

  /** Rounds of `block` words of each slot; a view that the next call overwrites. */
  words(rounds: number, block = 1): Uint32Array {
    this.check(rounds * block)
    this.exports.words(this.slots, block, rounds)
    return new Uint32Array(this.exports.memory.buffer, bufferAt, 2 * this.slots * rounds * block)
  }

  normals(rounds: number, block = 1): Float64Array {
    this.check(rounds * block)
    this.exports.normals(this.slots, block, rounds)
    return new Float64Array(this.exports.memory.buffer, bufferAt, this.slots * rounds * block)
  }

  /** Uniforms Phi(x) of such normals, their upper 32 bits. */
  recovered(rounds: number, block = 1): Uint32Array {
    const count = this.normals(rounds, block).length
    this.exports.cumulative(count)
    return new Uint32Array(this.exports.memory.buffer, bufferAt, count)
  }

  /** Of eight slots, at least `n` normals counted. */
  count(n: number, { scale = 1, most = Number.POSITIVE_INFINITY }: Distortion = {}): NormalCounts {
    if (this.slots !== 8) throw new RangeError(`${this.slots} slots, not 8`)
    const { buffer } = this.exports.memory
    new Uint8Array(buffer, bufferAt, 16_384).fill(0)
    const sums = [0, 0, 0, 0] as [number, number, number, number]
    const piece = 1_000_000
    const pieces = Math.ceil(n / (8 * piece))
    for (let i = 0; i < pieces; i++) {
      // Sums of one piece at a time lose no digits.
      const partial = new Float64Array(buffer, countsAt, 8).fill(0)
      this.exports.count(piece, scale, most)
      for (const k of [0, 1, 2, 3] as const) sums[k] += partial[2 * k]! + partial[2 * k + 1]!
    }
    const counts = Array.from(new BigUint64Array(buffer, countsAt + 64, 8), Number)
    return {
      n: 8 * piece * pieces,
      sums,
      tails: tailsAt.map((_, i) => [counts[2 * i]!, counts[2 * i + 1]!]),
      bins: Float64Array.from(new BigUint64Array(buffer, binsAt, 1024), Number),
    }
  }

  private check(draws: number): void {
    if (8 * this.slots * draws > bufferBytes) throw new RangeError(`${draws} draws of ${this.slots} slots at once`)
  }
}

let module: Promise<WebAssembly.Module> | null = null
