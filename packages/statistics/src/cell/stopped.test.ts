import { expect, test } from 'vitest'
import { endedText, type Stopped, stoppedText } from './stopped.ts'

test('a rule that ended a cell is named with its number', () => {
  const ends: (Stopped | null)[] = [
    { rule: 'relative', estimate: 'escape', relative: 0.1 },
    { rule: 'halfWidth', estimate: 'escape', halfWidth: 0.01 },
    { rule: 'events', estimate: 'escape', events: 10 },
    { rule: 'gbas', estimate: 'escape', relative: 0.1, events: 385 },
    { rule: 'above', estimate: 'escape', above: 0.01, indifference: 0.1, decision: 'below' },
    { rule: 'threshold', estimate: 'escape', equals: 0.5, decision: 'undecided' },
    { rule: 'budget' },
    null,
  ]
  expect(ends.map(stoppedText)).toEqual([
    'relative half-width of escape at most 0.1',
    'half-width of escape at most 0.01',
    '10 × escape',
    '385 × escape (gbas)',
    'escape below 0.01',
    'escape about 0.5',
    'budget',
    'open',
  ])
})

test('cells that ended in the same way are told together', () => {
  expect(endedText('gbas', 2)).toBe('stopped at the requested number of events')
  expect(endedText('threshold', 1)).toBe('was stopped by the search for the threshold')
  expect(endedText('unvisited', 2)).toBe('were not visited by the search')
  expect(endedText(null, 1)).toBe('is not finished')
})
