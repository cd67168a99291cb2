import { expect, test } from 'vitest'
import { commandText, intervalText } from './format.ts'

test('a shell reads a command as it is meant, whatever the arguments contain', () => {
  expect(commandText(['figure', '37f241f1b5ee'], { kind: 'line', log: ['x', 'y'], oracle: true, of: undefined })).toBe(
    'driftfarm figure 37f241f1b5ee --kind line --log x,y --oracle',
  )
  expect(commandText(['figure', 'a'], { where: "law == 'x' || $(rm it)" })).toBe(
    "driftfarm figure a --where 'law == '\\''x'\\'' || $(rm it)'",
  )
})

test.each([
  [0.1, 0.25, '[0.1, 0.25]'],
  [-3, null, '[−3, ∞]'],
  [null, 2, '[−∞, 2]'],
  [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, '[−∞, ∞]'],
  [null, null, ''],
  [undefined, undefined, ''],
])('an interval from %s to %s', (low, high, text) => {
  expect(intervalText(low, high)).toBe(text)
})
