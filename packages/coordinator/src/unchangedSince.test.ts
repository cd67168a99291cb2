import { expect, test } from 'vitest'
import { UnchangedSince } from './reconcile.ts'

const made = () => new UnchangedSince<[key: string, state: string]>((thing) => thing)
const look = (seen: ReturnType<typeof made>, things: Record<string, string>, nowMs: number) =>
  seen.agesOf(Object.entries(things), nowMs)

test('ages count from the first time that a state is seen, whatever the state says', () => {
  const seen = made()
  expect(look(seen, { a: '12:00:00', b: '11:00:00' }, 100)).toEqual([0, 0])
  expect(look(seen, { a: '12:00:00', b: '11:00:00' }, 350)).toEqual([250, 250])
  // One changes, forward or back: it begins anew.
  expect(look(seen, { a: '11:00:03', b: '11:00:00' }, 400)).toEqual([0, 300])
  expect(look(seen, { a: '11:00:03', b: '11:00:00' }, 500)).toEqual([100, 400])
})

test('a thing that was missing once is new', () => {
  const seen = made()
  look(seen, { a: 'x' }, 0)
  look(seen, {}, 10)
  expect(look(seen, { a: 'x' }, 20)).toEqual([0])
})
