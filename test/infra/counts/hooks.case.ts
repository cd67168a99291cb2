import { afterAll, beforeAll, describe, test } from 'vitest'

describe('a hook before all fails', () => {
  beforeAll(() => {
    throw new Error('before all')
  })
  test('one', () => undefined)
  describe('within', () => {
    test('two', () => undefined)
  })
  test('needs a program', { skip: true, meta: { requiresPrograms: ['nginx'], missing: ['nginx'] } }, () => undefined)
})
describe('a hook before all takes too long', () => {
  beforeAll(() => new Promise(() => undefined))
  test('three', () => undefined)
})
describe('a hook after all fails', () => {
  afterAll(() => {
    throw new Error('after all')
  })
  test('passes', () => undefined)
})
