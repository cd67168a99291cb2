import { expect, test } from 'vitest'
import { checkSizing, isSizingRequested } from './sizing.ts'

test('sizes need a width or trials, or two of the three; only trials means a plan', () => {
  expect(isSizingRequested({})).toBe(false)
  expect(isSizingRequested({ trials: 1000 })).toBe(false)
  expect(isSizingRequested({ relative: 0.1 })).toBe(true)
  expect(isSizingRequested({ trials: 1000, probability: 0.1 })).toBe(true)
  expect(isSizingRequested({ width: 0.1, confidence: 0.95 })).toBe(true)
  expect(isSizingRequested({ relative: 0.1, trials: 100 })).toBe(true)
  expect(isSizingRequested({ trials: 100, confidence: 0.9, probability: 0.1 })).toBe(true)
  expect(() => isSizingRequested({ confidence: 0.9 })).toThrow('neither a width nor')
  expect(() => isSizingRequested({ probability: 0.1 })).toThrow('neither a width nor')
  expect(() => isSizingRequested({ width: 0.1, confidence: 0.9, trials: 10 })).toThrow('nothing is left to compute')
  expect(() => isSizingRequested({ width: 0.1, relative: 0.1, trials: 10 })).toThrow('cannot be combined')
})

const unknown = {
  index: 0,
  probability: null,
  from: 'unknown',
  trials: null,
  confidence: null,
  width: null,
  relative: null,
} as const
const data = { estimate: 'escape', sought: 'trials', cells: [unknown] } as const

test('a relative width without any known probability is refused, unless there is a pilot', () => {
  expect(() => checkSizing(data, { pilot: false })).toThrow('no trials are stored')
  expect(() => checkSizing(data, { pilot: true })).not.toThrow()
  const cells = [unknown, { ...unknown, probability: 0.1, from: 'given' } as const]
  expect(() => checkSizing({ ...data, cells }, { pilot: false })).not.toThrow()
})
