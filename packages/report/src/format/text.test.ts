import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { sweepList } from '../document/sweepList.ts'
import { renderRecords } from './table.ts'
import { abbreviate, padEnd, widthOf, wrapped } from './text.ts'

const listed = (name: string) => ({
  id: 'a'.repeat(32),
  name,
  state: 'complete' as const,
  cells: 1,
  trialsDone: '100',
  trialsRequested: '100',
  submittedAt: '2026-11-24T10:00:00.000Z',
  stopsByRule: false,
  worst: null,
  tags: {},
  newest: true,
  differs: [],
})

test('columns are aligned, whatever the script of a name', () => {
  const names = ['이중우물', 'double-well', '二重井戸', 'pozo doble 👩‍🔬', 'de\u0301placement']
  const lines = String(sweepList.table({ sweeps: names.map(listed) }))
    .trimEnd()
    .split('\n')
  const places = lines.slice(1).map((line) => stringWidth(line.slice(0, line.indexOf('aaaa'))))
  expect(places).toEqual(names.map(() => 'pozo doble   '.length + 2))
  expect(
    `\n${renderRecords(
      ['name', 'cells'],
      [
        ['이중우물', 21],
        ['well', 3],
      ],
    )}`,
  ).toBe(['', 'name      cells', '이중우물     21', 'well          3', ''].join('\n'))
})

test('a text has the width that a terminal shows, and is cut between letters', () => {
  expect(['well', '우물', '井', '👩‍🔬', 'e\u0301', '±×…∞'].map(widthOf)).toEqual([4, 4, 2, 2, 1, 4])
  expect(abbreviate('이중우물', 8)).toBe('이중우물')
  // The third letter would need the column of the ellipsis.
  expect(abbreviate('이중우물', 6)).toBe('이중…')
  expect(padEnd(abbreviate('이중우물', 6), 6)).toBe('이중… ')
  expect(abbreviate('e\u0301e\u0301e\u0301e\u0301', 3)).toBe('e\u0301e\u0301…')
  expect(wrapped('우물 우물 우물', 9)).toEqual(['우물 우물', '우물'])
})
