import { describe, expect, it } from 'vitest'
import { checkRandomCells } from './agreement.fixture.ts'
import { compiles } from './library.fixture.ts'

/** Cells in all. `DRIFTFARM_NATIVE_CELLS` gives another number: 20,000 take hours. */
const cells = Number(process.env.DRIFTFARM_NATIVE_CELLS ?? 400)
const inPart = 200

describe('native libraries and WebAssembly give the same bits', compiles, () => {
  it('many random cells', { timeout: 24 * 3_600_000 }, async () => {
    expect(cells).toBeGreaterThan(0)
    for (let done = 0; done < cells; done += inPart) await checkRandomCells(inPart / 4, 1000 + done)
  })
})
