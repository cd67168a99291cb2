import { beforeAll, test } from 'vitest'

beforeAll(() => {
  throw new Error('before all of the file')
})
test('one', () => undefined)
test('two', () => undefined)
