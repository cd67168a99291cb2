import { expect, test, vi } from 'vitest'
import { withTimeLimit } from './withTimeLimit.ts'

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
const full = Object.assign(new Error('could not extend file'), { code: '53100' })

test('a look that is late goes on, and what it finds is for the next call', async () => {
  let finish = (_: number): void => undefined
  const work = vi.fn(() => new Promise<number>((resolve) => (finish = resolve)))
  const query = withTimeLimit(work, 10)
  expect(await query()).toMatchObject({ trouble: { state: 'unreachable', reason: null } })
  expect(await query()).toMatchObject({ trouble: { state: 'unreachable' } })
  // It ends while nobody waits for it.
  finish(7)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await query()).toEqual({ value: 7 })
  expect(work).toHaveBeenCalledTimes(1)
  const next = query()
  finish(8)
  expect(await next).toEqual({ value: 8 })
})

test('what passes by itself is told with its reason and since when; anything else is thrown', async () => {
  const errors: unknown[] = [refused, refused, full, new TypeError('a defect')]
  const query = withTimeLimit(async () => {
    const error = errors.shift()
    if (error !== undefined) throw error
    return 1
  })
  const first = await query()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(first).toMatchObject({ trouble: { state: 'unreachable', reason: 'connect ECONNREFUSED' }, error: refused })
  // Since the first failure.
  expect(await query()).toEqual(first)
  expect(await query()).toMatchObject({ trouble: { state: 'full' } })
  await expect(query()).rejects.toThrow('a defect')
  expect(await query()).toEqual({ value: 1 })
})

test('a late look that fails in the end is thrown by the next call, and unhandled by nobody', async () => {
  let fail = (_: Error): void => undefined
  const query = withTimeLimit(() => new Promise<never>((_, reject) => (fail = reject)), 10)
  expect(await query()).toMatchObject({ trouble: { state: 'unreachable' } })
  fail(new TypeError('a defect'))
  await new Promise((resolve) => setTimeout(resolve, 20))
  await expect(query()).rejects.toThrow('a defect')
})
