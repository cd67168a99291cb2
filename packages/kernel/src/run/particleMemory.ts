import { ends } from '../outcome/outcome.ts'
import { wholeAt } from '../outcome/recordFields.ts'
import type { ParticleEnd, StreamSwitch } from '../splitting/particle.ts'

/*
 * Integers below 2^53 are written, and read (`wholeAt`), as two 32-bit halves. A round of splitting writes a few
 * thousand words, and a bigint for each would take as long as the steps of the round. A tally has a thousand bins.
 */

export function putWhole(memory: DataView, at: number, value: number): void {
  memory.setUint32(at, value % 2 ** 32, true)
  memory.setUint32(at + 4, value / 2 ** 32, true)
}

/** Writes the trial index `replica` + 2^32 * `stream`. */
export function putStream(memory: DataView, at: number, replica: number, stream: number): void {
  memory.setUint32(at, replica, true)
  memory.setUint32(at + 4, stream, true)
}

export function putSwitches(
  memory: DataView,
  from: number,
  replica: number,
  switches: readonly StreamSwitch[],
): number {
  let at = from
  for (const { step, stream } of switches) {
    putWhole(memory, at, step)
    putStream(memory, at + 8, replica, stream)
    at += 16
  }
  // The end mark is a step that no trajectory reaches.
  putWhole(memory, at, 2 ** 62)
  putWhole(memory, at + 8, 0)
  return at + 16
}

export function particleEnd(
  memory: DataView,
  record: number,
  exits: readonly string[],
  snapshot: number | null,
): ParticleEnd {
  const exit = memory.getUint8(record + 1)
  const branchedAt = wholeAt(memory, record + 56)
  return {
    end: ends[memory.getUint8(record)]!,
    exit: exit === 0 ? null : exits[exit - 1]!,
    steps: wholeAt(memory, record + 24),
    peak: memory.getFloat64(record + 48, true),
    branchedAt: branchedAt < 0 ? null : branchedAt,
    snapshot: branchedAt < 0 ? null : snapshot,
  }
}
