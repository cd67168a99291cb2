import { expect, test } from 'vitest'
import { RateLimiter } from './rateLimiter.ts'

test('a burst of one second, then a constant rate', () => {
  const flow = new RateLimiter(250)
  expect(flow.room(0)).toBe(500)
  flow.consume(500)
  expect(flow.room(0)).toBe(0)
  expect(flow.room(100)).toBe(50)
  flow.consume(20)
  expect(flow.room(100)).toBe(30)
  expect(flow.room(60_000)).toBe(500)
})

test('exempt bundles are counted, and a stopped clock allows nothing', () => {
  const flow = new RateLimiter(10)
  flow.consume(flow.room(5))
  flow.consume(10)
  expect(flow.room(5)).toBe(0)
  expect(flow.room(505)).toBe(0)
  expect(flow.room(1_005)).toBe(10)
})

test('the slowest farm still has its minimum window, the fastest has no limit', () => {
  expect(new RateLimiter(1).room(0)).toBe(8)
  expect(new RateLimiter(1_000_000).room(0)).toBe(2_000_000)
})
