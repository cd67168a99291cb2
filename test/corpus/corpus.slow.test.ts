import { expect, test } from 'vitest'
import { comparison } from './corpus.ts'

test('the numbers and the structure of all documents are as stored', { timeout: 900_000 }, async () => {
  const { same, different } = await comparison({ numbers: true })
  expect(different).toEqual([])
  expect(same).toBeGreaterThan(80)
})
