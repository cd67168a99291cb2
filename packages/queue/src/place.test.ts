import { expect, test } from 'vitest'
import { redisPlace } from './place.ts'

test.each([
  ['redis://10.0.0.5:6380/3', 'redis://10.0.0.5:6380/3'],
  ['redis://redis.internal', 'redis://redis.internal:6379/0'],
  ['redis://localhost', 'redis://nodeA:6379/0'],
  ['redis://127.0.0.1:6379/0', 'redis://nodeA:6379/0'],
  ['redis://[::1]:7000', 'redis://nodeA:7000/0'],
  ['redis://?db=2', 'redis://nodeA:6379/2'],
])('%s is %s', (url, place) => {
  expect(redisPlace(url, 'nodeA')).toBe(place)
})

test('no place contains a password, and two logins of one Redis are one queue', () => {
  const place = redisPlace('rediss://user:secret@cache:6379/1?tls=x', 'nodeA')
  expect(place).toBe(redisPlace('redis://:other@cache/1', 'nodeB'))
  expect(place).not.toMatch(/secret|user/)
})
