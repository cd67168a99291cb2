import { describe, expect, test } from 'vitest'
import type { EventNames } from './kinds.ts'
import {
  estimateNames,
  isEscape,
  isEstimatedByValues,
  parseEstimate,
  parseEvent,
  printEstimate,
  probabilityNames,
} from './name.ts'

const events: EventNames = {
  escapes: true,
  exits: ['upper', 'escape'],
  converges: true,
  settles: true,
  minima: ['left', 'joint'],
  classes: ['good'],
  marks: ['m2'],
}
const all = estimateNames(events, [10, 500])

describe('names of estimates', () => {
  test('each that can be asked for is read and printed back', () => {
    expect(new Set(all).size).toBe(all.length)
    for (const text of all) expect(printEstimate(parseEstimate(text)!)).toBe(text)
    expect(parseEstimate('joint:escaped,converged,left')).toEqual({
      kind: 'joint',
      name: 'escaped,converged,left',
      horizon: null,
    })
  })

  test.each([
    '',
    'escapes',
    'exit',
    'exit@10',
    'escape:upper',
    'settle:left@10',
    'cost:m2@10',
    'escapeRate@10',
    'joint@10',
    '__proto__',
    'mark',
  ])('%j is none', (text) => {
    expect(parseEstimate(text)).toBeNull()
  })

  test('those of events are the probabilities, at their horizons too, and nothing else', () => {
    expect(all.filter((text) => parseEvent(text) === null)).toEqual(['escapeRate', 'escapeStep', 'cost:m2', 'joint'])
    expect(all.filter((text) => parseEvent(text)?.horizon === null)).toEqual(probabilityNames(events))
  })

  test('splitting and tilt tell escapes of the whole horizon', () => {
    expect(all.filter(isEstimatedByValues)).toEqual(['escape', 'exit:upper', 'exit:escape'])
    expect(all.filter(isEscape)).toHaveLength(9)
  })
})
