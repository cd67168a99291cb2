import { expect, test } from 'vitest'
import { ThreadTime } from './threadTime.ts'

test('a thread gets its share of the processor time, never more than the elapsed time', () => {
  let [wall, processor] = [0, 0]
  const share = new ThreadTime({ wall: () => wall, processor: () => processor })
  const after = (ms: number, used: number, computing: number) => {
    wall += ms
    processor += used
    share.update(computing)
    return share.ms
  }
  // Two threads that have a processor each.
  expect(after(100, 200, 2)).toBe(100)
  // A loaded machine gives them a tenth of it, a frozen one nothing.
  expect(after(100, 20, 2)).toBe(110)
  expect(after(60_000, 0, 2)).toBe(110)
  // What other threads of the process use is not charged beyond the time.
  expect(after(100, 500, 1)).toBe(210)
})
