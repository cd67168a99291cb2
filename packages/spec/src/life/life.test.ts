import { describe, expect, it } from 'vitest'
import { isEnded, liveStates, type SweepState, statesBefore, sweepMoves, sweepStateNames, sweepVerbs } from './sweep.ts'

const moves = [...Object.values(sweepMoves), ...Object.values(sweepVerbs).map((verb) => ({ by: 'user', ...verb }))]
const pairs = moves.flatMap(({ by, to }) =>
  Object.entries(to).map(([from, state]) => ({ by, from: from as SweepState, to: state as SweepState })),
)

describe('the life of a sweep', () => {
  it('begins as planned, and reaches every state from there', () => {
    const reached = new Set<SweepState>(['planned'])
    for (let before = 0; before < reached.size; ) {
      before = reached.size
      for (const { from, to } of pairs) if (reached.has(from)) reached.add(to)
    }
    expect([...reached].sort()).toEqual([...sweepStateNames].sort())
  })

  it('has no end from which its user has no way on', () => {
    for (const state of sweepStateNames.filter(isEnded))
      expect(pairs.some(({ by, from, to }) => by === 'user' && from === state && to === 'planned')).toBe(true)
  })

  it('is moved out of an end by nobody but its user, a violation apart', () => {
    const others = Object.entries(sweepMoves).filter(([name, { by }]) => by !== 'user' && name !== 'violate')
    expect(others.length).toBeGreaterThan(3)
    for (const [, { to }] of others) for (const from of Object.keys(to)) expect(isEnded(from as SweepState)).toBe(false)
  })

  it('is worked on while planned or running', () => {
    expect(liveStates).toEqual(['planned', 'running'])
    expect(statesBefore('interrupt')).toEqual(liveStates)
    expect(statesBefore('dispatch')).toEqual(['planned'])
  })

  it.each([
    ['pause', { planned: 'paused', running: 'paused', paused: 'paused' }],
    ['resume', { planned: 'planned', running: 'running', paused: 'running' }],
    ['stop', { planned: 'stopped', running: 'stopped', paused: 'stopped', interrupted: 'stopped', stopped: 'stopped' }],
  ] as const)('%s leads only from where it makes sense', (verb, to) => expect(sweepVerbs[verb].to).toEqual(to))
})
