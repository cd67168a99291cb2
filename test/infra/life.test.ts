import { batchStates, demandStates } from '@driftfarm/spec'
import { expect, it } from 'vitest'
import { batchMoves, demandMoves } from '../../infra/life.ts'

it.each([
  ['batch', batchMoves, batchStates],
  ['request', demandMoves, demandStates],
])('the moves of a %s reach every state', (_what, moves, states) => {
  expect(new Set(moves.flatMap(({ to }) => [...to]))).toEqual(new Set(Object.keys(states)))
})
