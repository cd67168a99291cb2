import { expect, test } from 'vitest'
import { type FinishedCells, verdictText } from './findings.ts'

const cells = (state: FinishedCells['state'], finished: number, firm: number, all = 80): FinishedCells => ({
  state,
  cells: all,
  finished,
  firm,
})

test.each([
  [cells('complete', 80, 80), 'all 80 cells pass every check'],
  [cells('complete', 1, 1, 1), 'the cell passes every check'],
  [cells('complete', 80, 79), '1 of 80 cells fails a check, the others pass every check'],
  [cells('running', 14, 14), '14 cells are checked so far: all 14 cells pass every check'],
  [cells('running', 1, 0), '1 cell is checked so far: the cell fails a check'],
  [cells('planned', 0, 0), 'no cells are checked so far, so there is no verdict'],
  [
    cells('cancelled', 14, 12),
    'cancelled with 14 of 80 cells finished: 2 of 14 cells fail a check, the others pass every check',
  ],
  [cells('cancelled', 0, 0), 'cancelled with 0 of 80 cells finished, so there is no verdict'],
  [cells('incomplete', 999_999, 999_999, 1_000_000), /^incomplete with 999999 of 1000000 cells finished: all 999999/],
])('a verdict speaks of finished cells only: %j', (given, text) => expect(verdictText(given, [])).toMatch(text))
