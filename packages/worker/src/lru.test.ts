import { expect, test } from 'vitest'
import { Lru } from './lru.ts'

test('forgets what was used longest ago', () => {
  const lru = new Lru<string, number>(2)
  lru.set('a', 1)
  lru.set('b', 2)
  expect(lru.get('a')).toBe(1)
  lru.set('c', 3)
  expect(lru.get('b')).toBeUndefined()
  expect(lru.recent(5)).toEqual([
    ['c', 3],
    ['a', 1],
  ])
  expect(lru.recent(1)).toEqual([['c', 3]])
})
