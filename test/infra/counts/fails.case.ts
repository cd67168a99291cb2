import { afterEach, beforeEach, describe, expect, test } from 'vitest'

test('fails', () => expect(1).toBe(2))
describe('a hook before each fails', () => {
  beforeEach(() => {
    throw new Error('before each')
  })
  test('one', () => undefined)
  test('two', () => undefined)
})
describe('a hook after each fails', () => {
  afterEach(() => {
    throw new Error('after each')
  })
  test('one', () => undefined)
})
