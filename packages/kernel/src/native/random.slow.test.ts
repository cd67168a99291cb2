import { describe, expect, it } from 'vitest'
import { checkRandomCells } from './agreement.fixture.ts'
import { compiles } from './library.fixture.ts'

/**
 * Cells in all, and how many of the sequence come before them. 20,000 take hours, in processes of 2,000: libraries stay
 * loaded, and Linux limits the mappings of a process.
 */
const cells = Number(process.env.DRIFTFARM_NATIVE_CELLS ?? 400)
const before = Number(process.env.DRIFTFARM_NATIVE_BEFORE ?? 0)
const inPart = 200
const parts = Array.from({ length: cells / inPart }, (_, i) => before + i * inPart)

describe('native libraries and WebAssembly give the same bits', compiles, () => {
  it('there are cells, in whole parts', () => {
    expect(cells).toBeGreaterThan(0)
    expect(parts.length * inPart).toBe(cells)
  })

  it.each(parts)(`${inPart} random cells after the first %i`, { timeout: 24 * 3_600_000 }, async (first) => {
    await checkRandomCells(inPart / 4, 1000 + first)
  })
})
