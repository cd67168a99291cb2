import { describe, expect, test } from 'vitest'

test('passes', () => expect(1).toBe(1))
test('needs a program', { skip: true, meta: { requiresPrograms: ['nginx'], missing: ['nginx'] } }, () => undefined)
describe('needs root', { skip: true, meta: { requiresPrograms: ['root'], missing: ['root'] } }, () => {
  test('one', () => undefined)
  test('two', () => undefined)
})
test.skip('says nothing', () => undefined)
test.todo('is not written yet')
