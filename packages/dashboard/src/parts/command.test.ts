import { expect, test } from 'vitest'
import { commandText } from './command.ts'

test('a command is one that a shell reads as it is meant, whatever stands in it', () => {
  expect(commandText(['figure', '37f241f1b5ee'], { kind: 'line', log: ['x', 'y'], oracle: true, of: undefined })).toBe(
    'driftfarm figure 37f241f1b5ee --kind line --log x,y --oracle',
  )
  expect(commandText(['figure', 'a'], { where: "law == 'x' || $(rm it)" })).toBe(
    "driftfarm figure a --where 'law == '\\''x'\\'' || $(rm it)'",
  )
})
