import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkJob, jobId, parseJobId } from './job.ts'

const cell = 'c0ffee00c0ffee00c0ffee00c0ffee00'
const keys = fc.record({
  cell: fc.stringMatching(/^[0-9a-f]{32}$/),
  first: fc.nat({ max: 10 ** 15 }),
  generation: fc.nat({ max: 10 ** 6 }),
})

test('an id says which job it is, and is one that BullMQ takes', () => {
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
  const job = { cell, first: 0, count: 5, generation: 1 }
  expect(checkJob(JSON.parse(JSON.stringify({ ...job, more: 1 })))).toEqual(job)
  const wrong = [
    { ...job, cell: 'x:y' },
    { ...job, first: -1 },
    { ...job, first: Number.NaN },
    { ...job, count: 0 },
    { ...job, count: 2 ** 53 },
    { ...job, generation: 1.5 },
    { ...job, generation: undefined },
    null,
    'job',
  ]
  for (const value of wrong) expect(() => checkJob(value)).toThrow(expect.objectContaining({ code: 'JOB' }))
})
