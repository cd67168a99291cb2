import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkJob, jobId, parseJobId } from './job.ts'

const keys = fc.record({ bundle: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }) })

test('an id identifies its job, and BullMQ accepts it', () => {
  fc.assert(
    fc.property(keys, (key) => {
      const id = jobId(key)
      expect(parseJobId(id)).toEqual(key)
      expect(id).not.toMatch(/:|^\d+$/)
    }),
  )
  expect(parseJobId('repeat-1')).toBeNull()
})

test('a job survives JSON or is refused', () => {
  expect(checkJob(JSON.parse(JSON.stringify({ bundle: 7, more: 1 })))).toEqual({ bundle: 7 })
  const bundles = ['7', -1, 0, 1.5, Number.NaN, 2 ** 53, undefined, null]
  for (const value of [...bundles.map((bundle) => ({ bundle })), null, 'job', 7])
    expect(() => checkJob(value)).toThrow(expect.objectContaining({ code: 'JOB' }))
})
