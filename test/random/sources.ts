import { KERNEL_VERSION } from '@driftfarm/spec'
import { type StreamSelector, Streams } from '../../packages/kernel/src/streams/streams.fixture.ts'
import { type StreamKey, streamKey } from '../../packages/kernel/src/streams/streams.ts'
import { doubleWell } from '../bench/kernel/cells.ts'

/** An endless stream of random bytes that a battery reads; each read continues the last. */
export interface Source {
  readonly name: string
  /** Whether the battery must find it faulty: it shows that the battery would. */
  readonly faulty: boolean
  next(): Uint8Array
}

const neighbours = 4096
const cell = doubleWell(1000)
const keyOf = (seed: number, steps: number): StreamKey =>
  streamKey({ ...cell, kernel: KERNEL_VERSION, seed: String(seed), trial: { ...cell.trial, steps } })
const key = keyOf(1, 1000)

/** All streams are those of the project: states by Philox, words and normals by the kernel's own runtime. */
export const sources: Readonly<Record<string, () => Promise<Source>>> = {
  // Two trials lie in the lanes of a vector; long blocks of one, then of the other, are nearly a trial alone.
  trial: async () => wordsOf('words of one trial after another, 65,536 at a time', trials(2), 1, 65_536),
  trials: async () => wordsOf(`${neighbours} trials in a row, a word each in turn`, trials(neighbours), 8, 1),
  blocks: async () => wordsOf(`${neighbours} trials in a row, 16 words each in turn`, trials(neighbours), 1, 16),
  cells: async () => {
    const seats = Array.from(
      { length: neighbours },
      (_, i): StreamSelector => ({
        key: keyOf(1 + (i % 16), 1000 + (Math.floor(i / 16) % 16)),
        trial: Math.floor(i / 256) % 4,
        purpose: (['drift', 'start', 'data', 'auxiliary'] as const)[Math.floor(i / 1024)]!,
      }),
    )
    return wordsOf('neighbouring seeds, cells, trials and purposes, a word each in turn', seats, 8, 1)
  },
  normals: async () => {
    const streams = await Streams.of(trials(64))
    return {
      name: '64 trials, uniforms Phi(x) of normals x in turn',
      faulty: false,
      next: () => bytesOf(streams.recovered(1024)),
    }
  },
  control: () => Promise.resolve(congruential()),
  repeated: async () => {
    const streams = await Streams.of(trials(2))
    let words = new Uint32Array()
    let calls = 0
    return {
      name: 'a stream of which each word comes twice in a row, some way apart (must fail)',
      faulty: true,
      next() {
        if (calls++ % 2 === 0) words = streams.words(512).slice()
        return bytesOf(words)
      },
    }
  },
}

function trials(count: number): readonly StreamSelector[] {
  return Array.from({ length: count }, (_, trial): StreamSelector => ({ key, trial, purpose: 'drift' }))
}

async function wordsOf(name: string, seats: readonly StreamSelector[], rounds: number, block: number): Promise<Source> {
  const streams = await Streams.of(seats)
  return { name, faulty: false, next: () => bytesOf(streams.words(rounds, block)) }
}

/** x' = 1664525 x + 1013904223 mod 2^32 (Numerical Recipes): the low bits repeat soon. */
function congruential(): Source {
  let x = 1
  return {
    name: 'a congruential generator of 32 bits (must fail)',
    faulty: true,
    next() {
      const words = new Uint32Array(65_536)
      for (let i = 0; i < words.length; i++) {
        x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
        words[i] = x
      }
      return bytesOf(words)
    },
  }
}

/** A copy, for the pipe takes it later. */
function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.slice().buffer)
}
