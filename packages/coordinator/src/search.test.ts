import type { VisitedCell } from '@driftfarm/database'
import { describe, expect, test } from 'vitest'
import { searchRound } from './rounds.ts'

const searched = { path: 'update.drift.sigma', points: 17 }
const first = [0, 2, 4, 6, 8, 10, 12, 14, 16]
const done = (index: number, decision: VisitedCell['decision']): VisitedCell => ({ index, state: 'done', decision })

describe('a round of a search', () => {
  test('visits the first points of each line, then bisects where they differ', () => {
    const none = searchRound([], searched, 2 * 17)
    expect(none).toEqual({ visit: [...first, ...first.map((place) => 17 + place)], waits: false, unmet: 2 })
    const left = first.map((place) => done(place, place < 5 ? 'below' : 'above'))
    const right = first.map((place) => done(17 + place, 'below'))
    expect(searchRound([...left, ...right], searched, 34)).toEqual({ visit: [5], waits: false, unmet: 0 })
    expect(searchRound([...left, done(5, 'undecided'), ...right], searched, 34).visit).toEqual([])
  })

  test('waits for open cells, and treats a failed cell as giving no information', () => {
    const line = first.map((place) => done(place, place < 5 ? 'below' : 'above'))
    const open = line.map((cell) => (cell.index === 4 ? { ...cell, state: 'open' as const, decision: null } : cell))
    expect(searchRound(open, searched, 17)).toMatchObject({ visit: [], waits: true })
    const failed = line.map((cell) => (cell.index === 4 ? { ...cell, state: 'failed' as const, decision: null } : cell))
    expect(searchRound(failed, searched, 17)).toEqual({ visit: [3, 5], waits: false, unmet: 1 })
  })

  test('a line without any decision is unmet', () => {
    const flat = first.map((place) => done(place, 'undecided'))
    expect(searchRound(flat, searched, 17)).toEqual({ visit: [], waits: false, unmet: 1 })
    const none = first.map((place) => done(place, 'above'))
    expect(searchRound(none, searched, 17)).toEqual({ visit: [], waits: false, unmet: 0 })
  })
})
