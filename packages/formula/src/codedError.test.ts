import { expect, test } from 'vitest'
import { codedError, endings, sameEnding } from './codedError.ts'

class Fault extends codedError({
  GONE: { ends: 'unreachable', hint: 'try again' },
  FULL: { ends: 'unreachable', retryable: false },
}) {
  override readonly name = 'Fault'
}

test('no two endings share an exit code or a status', () => {
  const all = Object.values(endings)
  expect(new Set(all.map(({ exit }) => exit)).size).toBe(all.length)
  expect(new Set(all.map(({ status }) => status)).size).toBe(all.length)
})

test('the table says how an error ends, and the way out unless its thrower does', () => {
  const cause = new Error('no route')
  const gone = new Fault('GONE', 'the server is gone', { cause })
  expect(gone).toBeInstanceOf(Error)
  expect(gone).toMatchObject({ code: 'GONE', message: 'the server is gone', hint: 'try again', cause })
  expect(gone).toMatchObject({ exit: 7, status: 503, retryable: true })
  expect(new Fault('GONE', 'gone', { hint: 'start it' }).hint).toBe('start it')
  expect(new Fault('FULL', 'full')).toMatchObject({ exit: 7, retryable: false, hint: null })
})

test('codes that all end alike', () => {
  expect(sameEnding('usage', { ONE: 'the first', TWO: 'the second' })).toEqual({
    ONE: { ends: 'usage' },
    TWO: { ends: 'usage' },
  })
})
