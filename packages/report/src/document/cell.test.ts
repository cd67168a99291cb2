import { expect, test } from 'vitest'
import { trialsText, type WholeCellData, whyText } from './cell.ts'

const splitting = { method: { kind: 'splitting', particles: 1000 } }

test('a cell of splitting has replicas with many particles, not trials', () => {
  expect(trialsText('32', splitting)).toBe('32 replicas × 1,000 particles')
  expect(trialsText('1.2k', { method: { kind: 'tilt' } })).toBe('1.2k weighted trials')
  expect(trialsText('7', { method: { kind: 'direct' } })).toBe('7 trials')
  // In a report file, the settings of a cell may be unknown.
  expect(trialsText('7', {})).toBe('7 trials')
  const cell = { trials: 32, stopped: null } as WholeCellData['cell']
  expect(whyText({ state: 'met', cell, otherSweeps: [], resolved: splitting }, null)).toBe(
    'Done: all 32 requested replicas × 1,000 particles are stored.',
  )
})
