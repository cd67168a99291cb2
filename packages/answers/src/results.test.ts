import { expect, test } from 'vitest'
import { PackedRows } from './results.ts'

test('rows come back in order and as they were, as often as they are asked for', () => {
  const packed = new PackedRows<readonly [number, string]>()
  expect([...packed]).toEqual([])
  // Several packs of a million letters, and a rest.
  const rows = Array.from(
    { length: 30_001 },
    (_, at) => [at, `a "text" of\nsome ${'\u00b1'.repeat(at % 100)}`] as const,
  )
  for (const row of rows) packed.add(row)
  for (let pass = 0; pass < 2; pass++) expect([...packed]).toEqual(rows)
})
