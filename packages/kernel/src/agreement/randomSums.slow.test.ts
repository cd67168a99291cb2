import { it } from 'vitest'
import { checkKind } from './randomCells.fixture.ts'

const timeoutMs = 3_600_000

it.each(['sums over 3 to 8 coordinates, written out', 'sums over 9 to 12 coordinates, in loops'] as const)(
  'random cells agree with the reference: %s',
  checkKind,
  timeoutMs,
)
