import { expect, test } from 'vitest'
import { checkSizing, wantsSizing } from './sizing.ts'

test('sizes are asked for by two of the three; trials alone are a plan', () => {
  expect(wantsSizing({})).toBe(false)
  expect(wantsSizing({ trials: 1000 })).toBe(false)
  expect(wantsSizing({ width: 0.1, confidence: 0.95 })).toBe(true)
  expect(wantsSizing({ relative: 0.1, trials: 100 })).toBe(true)
  expect(wantsSizing({ trials: 100, confidence: 0.9, probability: 0.1 })).toBe(true)
  expect(() => wantsSizing({ width: 0.1 })).toThrow('only width')
  expect(() => wantsSizing({ probability: 0.1 })).toThrow('none of width')
  expect(() => wantsSizing({ width: 0.1, confidence: 0.9, trials: 10 })).toThrow('all three')
  expect(() => wantsSizing({ width: 0.1, relative: 0.1, trials: 10 })).toThrow('exclude one another')
})

const cell = {
  index: 0,
  probability: 0.5,
  from: 'worst',
  trials: 9701,
  confidence: 0.95,
  width: 0.02,
  relative: 0.02,
} as const
const data = { estimate: 'escape', sought: 'trials', cells: [cell] } as const

test('a relative width of nothing known is refused with the way out', () => {
  expect(() => checkSizing(data, { relative: 0.1, confidence: 0.95 })).toThrow('no trial is stored')
  expect(() => checkSizing(data, { width: 0.1, confidence: 0.95 })).not.toThrow()
  expect(() => checkSizing(data, { relative: 0.1, confidence: 0.95, probability: 0.1 })).not.toThrow()
})
