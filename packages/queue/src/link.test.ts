import { beforeEach, expect, test } from 'vitest'
import { QueueError } from './error.ts'
import { QueueLink } from './link.ts'

let nowMs: number
let link: QueueLink
beforeEach(() => {
  nowMs = 1_000
  link = new QueueLink(() => nowMs)
})
const away = new QueueError('QUEUE_UNREACHABLE', 'it is away')
const noMemory = new QueueError('QUEUE_FULL', 'the queue has no memory left')
const failing = (error: Error, adds = false) =>
  link.recordCall(() => Promise.reject(error), adds).catch(() => undefined)
const asks = (name: string | null | Error) =>
  link.check({ server: () => (name instanceof Error ? Promise.reject(name) : Promise.resolve(name)) })

test('it counts as lost from the first failure until a call of the same kind succeeds', async () => {
  expect(link.lostForMs).toBe(0)
  await failing(away)
  nowMs += 3_000
  await failing(away)
  expect(link.lostForMs).toBe(3_000)
  await link.recordCall(async () => 1)
  expect(link.lostForMs).toBe(0)
})

test('a check reports whether that has changed', async () => {
  expect(await asks('a/0')).toBe(false)
  expect(link.server).toBe('a/0')
  expect(await asks(away)).toBe(true)
  expect([link.lostForMs, link.server]).toEqual([1, null])
  expect(await asks(away)).toBe(false)
  expect(await asks('a/0')).toBe(true)
  expect([link.lostForMs, link.server]).toEqual([0, 'a/0'])
})

test('a server that responds but accepts no jobs counts as lost too', async () => {
  await failing(away, true)
  nowMs += 2_000
  await asks('a/0')
  await link.recordCall(async () => 1)
  expect(link.lostForMs).toBe(2_000)
  await link.recordCall(async () => 1, true)
  expect(link.lostForMs).toBe(0)
})

test('jobs that are no longer added say nothing', async () => {
  await failing(away, true)
  nowMs += 10_001
  expect(link.lostForMs).toBe(0)
})

test('a queue without its own server is judged only by its calls', async () => {
  await failing(away)
  expect(await asks(null)).toBe(false)
  nowMs += 500
  expect(link.lostForMs).toBe(500)
})

test('a queue with full memory responds', async () => {
  await failing(away, true)
  await failing(noMemory, true)
  expect([link.lostForMs, link.refusal]).toEqual([0, 'the queue has no memory left'])
  nowMs += 10_001
  expect(link.refusal).toBeNull()
  await failing(noMemory, true)
  await link.recordCall(async () => 1, true)
  expect(link.refusal).toBeNull()
})

test('a server that replaces another has no id until all have noticed', async () => {
  await asks('a/0')
  await asks('b/0')
  expect(link.server).toBeNull()
  nowMs += 10_000
  expect(link.server).toBe('b/0')
})
