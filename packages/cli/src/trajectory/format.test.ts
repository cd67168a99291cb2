import { coordinatesOf } from '@driftfarm/report'
import { resolveLandscape } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { CliError } from '../failure.ts'
import { formatOfFile, headOf, lineOf } from './format.ts'

test('the file extension chooses the format', () => {
  expect(['a.csv', 'a.b/t.JSONL', 'x.ndjson', '/dev/stdout', 'a.b/t'].map(formatOfFile)).toEqual([
    'csv',
    'jsonl',
    'jsonl',
    'csv',
    'csv',
  ])
  expect(() => formatOfFile('t.npy')).toThrow(CliError)
})

test('a state as a line of either format', () => {
  const step = {
    n: 3,
    theta: Float64Array.of(0.1 + 0.2, -1),
    loss: 1e-30,
    gradnorm: Number.POSITIVE_INFINITY,
    events: ['mark:up', 'escape'],
  }
  const names = coordinatesOf(resolveLandscape('banana').landscape)
  expect(headOf('csv', names) + lineOf('csv', step)).toBe(
    'n,x,y,loss,gradnorm,events\n3,0.30000000000000004,-1,1e-30,Infinity,mark:up escape\n',
  )
  expect(headOf('jsonl', names) + lineOf('jsonl', step)).toBe(
    '{"n":3,"theta":[0.30000000000000004,-1],"loss":1e-30,"gradnorm":"Infinity","events":["mark:up","escape"]}\n',
  )
})

test('coordinates without names', () => {
  expect(coordinatesOf(resolveLandscape('rastrigin').landscape)).toEqual(['x[1]', 'x[2]'])
  expect(
    coordinatesOf({
      kind: 'population',
      dimension: 2,
      variables: null,
      parameters: [],
      activation: 'relu',
      neurons: 1,
      teachers: 1,
      inputs: 2,
    }),
  ).toEqual(['x[1]', 'x[2]'])
})
