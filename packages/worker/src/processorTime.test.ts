import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ProcessorTime } from './processorTime.ts'

test('processor time advances with the clock, within a tick of the reported time', () => {
  let [wall, charged] = [500, 40]
  const time = new ProcessorTime({ wall: () => wall, charged: () => charged })
  const after = (ms: number, more: number) => {
    const before = time.seconds
    wall += ms
    charged += more
    return Math.round((time.seconds - before) * 1e6) / 1e3
  }
  // Short spans are those of the clock.
  expect(after(0.25, 0)).toBe(0.25)
  expect(after(0.5, 100)).toBe(0.5)
  charged -= 100
  expect(after(3, 4)).toBe(3.25)
  // A loaded machine gives a tenth of a second of ten, a frozen one nothing.
  expect(after(10_000, 1_000)).toBe(1_010)
  expect(after(60_000, 0)).toBe(0)
  expect(after(100, 100)).toBe(100)
})

test('a waiting thread uses no processor time, and the clock is used if the system reports none', () => {
  const waits = (time: ProcessorTime) => {
    const before = time.seconds
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    return time.seconds - before
  }
  const told = existsSync('/proc/thread-self/schedstat') ? waits(new ProcessorTime()) : 0
  expect(told).toBeLessThan(0.05)
  expect(waits(new ProcessorTime({ wall: () => performance.now(), charged: null }))).toBeGreaterThan(0.19)
})
