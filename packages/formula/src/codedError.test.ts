import { expect, test } from 'vitest'
import { codedError, endings } from './codedError.ts'

class Fault extends codedError(
  'Fault',
  {
    GONE: { means: 'It is gone.', hint: 'try again' },
    FULL: { means: 'It is full.', fix: 'Make room.', retryable: false },
    WRONG: { means: 'It is wrong.', fix: 'Correct it.', ends: 'usage' },
  },
  'unreachable',
) {}

test('no two endings share an exit code or a status', () => {
  const all = Object.values(endings)
  expect(new Set(all.map(({ exit }) => exit)).size).toBe(all.length)
  expect(new Set(all.map(({ status }) => status)).size).toBe(all.length)
})

test('the table says how an error ends, and the way out unless its thrower does', () => {
  const cause = new Error('no route')
  const gone = new Fault('GONE', 'the server is gone', { cause })
  expect(gone).toBeInstanceOf(Error)
  expect(gone).toMatchObject({ name: 'Fault', code: 'GONE', message: 'the server is gone', hint: 'try again', cause })
  expect(gone).toMatchObject({ exit: 7, status: 503, retryable: true })
  expect(new Fault('GONE', 'gone', { hint: 'start it' }).hint).toBe('start it')
  expect(new Fault('FULL', 'full')).toMatchObject({ exit: 7, retryable: false, hint: null })
})

test('an entry may end differently from its table', () => {
  expect(new Fault('WRONG', 'wrong')).toMatchObject({ exit: 2, hint: null })
  expect(Fault.table.FULL).toEqual({ ends: 'unreachable', means: 'It is full.', fix: 'Make room.', retryable: false })
})
