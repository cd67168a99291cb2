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

test('forgets by weight too, but keeps a last one that is too heavy', () => {
  const lru = new Lru<string, number>(10, { weigh: (value) => value, heaviest: 10 })
  lru.set('a', 4)
  lru.set('b', 4)
  lru.set('b', 6)
  expect(lru.get('a')).toBe(4)
  lru.set('c', 1)
  expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([4, undefined, 1])
  lru.set('d', 100)
  expect(lru.recent(9)).toEqual([['d', 100]])
  lru.set('e', 9)
  expect(lru.recent(9)).toEqual([['e', 9]])
  lru.delete('e')
  lru.set('f', 10)
  expect(lru.recent(9)).toEqual([['f', 10]])
})
