import { it } from 'vitest'
import { checkKind } from './randomCells.fixture.ts'

/** The slow tier takes fifty times as many. */
const timeoutMs = 3_600_000

it.each(['one variable', 'two variables'] as const)('random cells agree with the reference: %s', checkKind, timeoutMs)
