import { expect, it } from 'vitest'
import { check } from './check.ts'
import { findingsOf } from './findings.ts'

const eta = (eta: number) =>
  check(
    'stability',
    'doubtful',
    `eta ${eta} times the largest curvature at the minimum (2) is ${2 * eta}, above the limit 2`,
    'use `eta` below 1',
  )
const cell = (index: number, ...checks: ReturnType<typeof check>[]) => ({ index, checks })

it('says each once, worst first, with ranges of numbers', () => {
  const few = (k: number) => check('events', 'note', `${k} of 1e4 trials have mark:m2, x[3] or a2`)
  const found = findingsOf([
    cell(0, eta(1.2), few(3)),
    cell(1, few(-1), check('stop', 'good', 'ended')),
    cell(4, eta(1.5)),
    cell(5, check('spread', 'wrong', 'no')),
    cell(6, check('control', 'doubtful', 'some')),
  ])
  expect(found).toEqual([
    { name: 'spread', verdict: 'wrong', text: 'no', hint: null, cells: [5], count: 1 },
    { name: 'control', verdict: 'doubtful', text: 'some', hint: null, cells: [6], count: 1 },
    {
      name: 'stability',
      verdict: 'doubtful',
      text: 'eta 1.2 to 1.5 times the largest curvature at the minimum (2) is 2.4 to 3, above the limit 2',
      hint: 'use `eta` below 1',
      cells: [0, 4],
      count: 2,
    },
    {
      name: 'events',
      verdict: 'note',
      text: '-1 to 3 of 1e4 trials have mark:m2, x[3] or a2',
      hint: null,
      cells: [0, 1],
      count: 2,
    },
  ])
})

it('names twenty cells and counts all', () => {
  const [only] = findingsOf(Array.from({ length: 50 }, (_, index) => cell(index, eta(2))))
  expect([only!.cells.length, only!.count]).toEqual([20, 50])
})

it('counts a cell once that says the same twice', () => {
  expect(findingsOf([cell(3, eta(2), eta(3))])[0]).toMatchObject({ cells: [3], count: 1 })
})

it('keeps apart what is worse, or other words', () => {
  const as = (verdict: 'note' | 'doubtful', text: string) => check('horizon', verdict, text)
  expect(
    findingsOf([cell(0, as('note', 'a 1')), cell(1, as('doubtful', 'a 2')), cell(2, as('note', 'b 1'))]),
  ).toHaveLength(3)
  expect(findingsOf([])).toEqual([])
})
