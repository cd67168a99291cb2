import { expect, test } from 'vitest'
import { Gate } from './gate.ts'

test('many together or a single one, in the order of arrival', async () => {
  const gate = new Gate()
  const told: string[] = []
  const enter = (name: string, alone: boolean) =>
    gate.enter(alone).then((leave) => {
      told.push(name)
      return leave
    })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const [one, two, alone, three, last] = [
    enter('one', false),
    enter('two', false),
    enter('alone', true),
    enter('three', false),
    enter('last', true),
  ]
  await settle()
  expect(told).toEqual(['one', 'two'])
  const leaveOne = await one
  leaveOne()
  leaveOne() // twice is once
  await settle()
  expect(told).toEqual(['one', 'two'])
  ;(await two)()
  await settle()
  expect(told).toEqual(['one', 'two', 'alone'])
  ;(await alone)()
  await settle()
  expect(told).toEqual(['one', 'two', 'alone', 'three'])
  ;(await three)()
  ;(await last)()
  await enter('again', false)
  expect(told).toEqual(['one', 'two', 'alone', 'three', 'last', 'again'])
})
