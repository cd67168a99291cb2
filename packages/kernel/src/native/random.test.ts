import { describe, it } from 'vitest'
import { checkRandomCells } from './agreement.fixture.ts'
import { compiles } from './library.fixture.ts'

describe('native libraries and WebAssembly give the same bits', compiles, () => {
  it('random cells', () => checkRandomCells(5, 20261202), 600_000)
})
