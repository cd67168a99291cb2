import { describe, test } from 'vitest'

test('declared before', () => undefined)
describe('throws', () => {
  test('declared within', () => undefined)
  throw new Error('in the describe')
})
