import { afterAll, test } from 'vitest'

afterAll(() => {
  throw new Error('after all of the file')
})
test('passes', () => undefined)
