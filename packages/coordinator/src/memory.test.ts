import type { LiveSweep } from '@driftfarm/database'
import { expect, test } from 'vitest'
import { SweepMemory } from './memory.ts'

const sweep: LiveSweep = {
  ...{ id: 's', priority: 0, cells: 10, open: 3, submission: 1, state: 'running', out: 0 },
  ...{ budgeted: false, searching: false, continues: false },
}
const memoryAfterPass = (): SweepMemory => {
  const memory = new SweepMemory(1, true)
  memory.cursor = sweep.cells
  return memory
}

test('a sweep with nothing dispatched starts afresh after the time, then after two and four times as long', () => {
  const memory = memoryAfterPass()
  const times = Array.from({ length: 800 }, (_, s) => s * 1_000).filter((now) =>
    memory.detectStall(sweep, false, now, 30_000),
  )
  expect(times).toEqual([30_000, 91_000, 212_000, 453_000])
  // Something of it goes out: from then on it is the first time again.
  memory.detectStall({ ...sweep, out: 1 }, false, 800_000, 30_000)
  expect(memory.detectStall(sweep, false, 801_000, 30_000)).toBe(false)
  expect(memory.detectStall(sweep, false, 831_000, 30_000)).toBe(true)
})

test.each<[string, Partial<LiveSweep>, boolean, (memory: SweepMemory) => void]>([
  ['has batches out', { out: 1 }, false, () => undefined],
  ['has no open cell', { open: 0 }, false, () => undefined],
  ['has pending updates', {}, true, () => undefined],
  ['has cells that were not looked at', {}, false, (memory) => void memory.cursor--],
  ['has cells that ask for more', {}, false, (memory) => void memory.raisedIndices.add(3)],
])('a sweep that %s is not', (_, change, moves, set) => {
  const memory = memoryAfterPass()
  set(memory)
  memory.detectStall({ ...sweep, ...change }, moves, 0, 30_000)
  expect(memory.detectStall({ ...sweep, ...change }, moves, 1e9, 30_000)).toBe(false)
})
