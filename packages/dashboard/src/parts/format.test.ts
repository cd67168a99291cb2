import { expect, test } from 'vitest'
import { commandText } from './format.ts'

test('a shell reads a command as it is meant, whatever the arguments contain', () => {
  expect(commandText(['figure', '37f241f1b5ee'], { kind: 'line', log: ['x', 'y'], oracle: true, of: undefined })).toBe(
    'driftfarm figure 37f241f1b5ee --kind line --log x,y --oracle',
  )
  expect(commandText(['figure', 'a'], { where: "law == 'x' || $(rm it)" })).toBe(
    "driftfarm figure a --where 'law == '\\''x'\\'' || $(rm it)'",
  )
})
