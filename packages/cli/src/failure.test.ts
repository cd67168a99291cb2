import { DatabaseError } from '@driftfarm/database'
import { parse } from '@driftfarm/formula'
import { QueueError } from '@driftfarm/queue'
import { expect, test } from 'vitest'
import { CliError, failureOf } from './failure.ts'

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

test('errors of every package have the exit codes of their tables', () => {
  expect(failureOf(new DatabaseError('DISK_FULL', 'no room'))).toMatchObject({ exit: 7, retryable: true })
  expect(failureOf(new QueueError('REDIS_EVICTION', 'evicts'))).toMatchObject({ exit: 7, retryable: false })
  expect(failureOf(thrownBy(() => parse('1 +')))).toMatchObject({ code: 'UNEXPECTED_END', exit: 2, path: null })
  expect(failureOf(new CliError('NOT_FOUND', 'no such cell'))).toMatchObject({ exit: 5, hint: null })
})

test('errors in no table', () => {
  const lost = Object.assign(new Error(''), { code: 'ECONNREFUSED' })
  expect(failureOf(lost)).toMatchObject({ code: 'ECONNREFUSED', message: 'ECONNREFUSED', exit: 7, retryable: true })
  const broken = { code: 'UNREACHABLE', exit: 7, retryable: true, hint: expect.stringContaining('server is running') }
  expect(failureOf(new Error('Connection terminated'))).toMatchObject(broken)
  expect(failureOf(new Error('Connection terminated unexpectedly'))).toMatchObject(broken)
  expect(failureOf(new Error('a defect'))).toMatchObject({ code: 'UNEXPECTED', exit: 1, retryable: false })
  expect(failureOf('text')).toMatchObject({ code: 'UNEXPECTED', message: 'text', exit: 1 })
})
