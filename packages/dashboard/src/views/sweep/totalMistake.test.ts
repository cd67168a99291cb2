import { expect, test } from 'vitest'
import { totalMistake } from './totalMistake.ts'

test.each([
  [40_000, null],
  [5_000, 'Each cell already has 20000 trials.'],
  [20_000, 'above 20000'],
  [Number('2x'), 'whole number'],
  [1.5, 'whole number'],
  [2e15, 'at most 1000000000000000 trials'],
])('a total of %d is checked before it is submitted: %s', (total, mistake) => {
  const found = totalMistake(total, 20_000, 'trials')
  if (mistake === null) expect(found).toBeNull()
  else expect(found).toContain(mistake)
})
