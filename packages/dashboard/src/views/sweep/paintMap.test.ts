import type { CellsData } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { looksOf, type MapContents, paintChanges, shareIn, stateColors, zeroColor } from './paintMap.ts'

type Cell = Partial<Record<'state' | 'doubt' | 'value', unknown>>

function contentsOf(cells: readonly Cell[], more: Partial<MapContents> = {}): MapContents {
  const value = cells.map((cell) => ('value' in cell ? cell.value : 0.5))
  const data = {
    state: cells.map(({ state = 'met' }) => state),
    doubt: cells.map(({ doubt = null }) => doubt),
    trials: cells.map(() => 10),
    estimates: { escape: { value, low: value, high: value } },
  } as unknown as CellsData
  return { cells: data, show: 'value', of: 'escape', domain: [0, 1], isLog: false, ...more }
}

const colors = { paper: '#paper', line: '#line', missing: '#missing' }

/** Records what is painted: the rectangles by their color, and the signs. */
function painted(contents: MapContents, grid: readonly number[], columns: number, size = 20) {
  const rectangles: [color: string, x: number, y: number, width: number, height: number][] = []
  const signs: string[] = []
  const canvas = {
    fillStyle: '',
    strokeStyle: '',
    font: '',
    textAlign: 'left' as const,
    textBaseline: 'top' as const,
    lineWidth: 1,
    fillRect(...box: [number, number, number, number]) {
      // What is behind the cells shows only in the gaps.
      if (canvas.fillStyle !== '#line') rectangles.push([canvas.fillStyle, ...box])
    },
    strokeText: () => undefined,
    fillText: (text: string) => void signs.push(text),
  }
  const painting = { columns, width: size, height: size, colors, hatching: 'hatching' }
  const looks = looksOf(contents, Int32Array.from(grid))
  const paint = (before: Int32Array | null, next = looks) =>
    paintChanges(canvas as unknown as Parameters<typeof paintChanges>[0], before, next, painting)
  return { rectangles, signs, looks, paint }
}

test('the first row is at the bottom, every cell on whole pixels', () => {
  const { rectangles, paint } = painted(contentsOf([{ value: 0 }, { value: 1 }, { value: 0.5 }]), [0, 1, 2, -1], 2, 7)
  expect(paint(null)).toBe(4)
  expect(rectangles).toEqual([
    ['#440154', 0, 7, 7, 7],
    ['#fde725', 7, 7, 7, 7],
    [expect.stringMatching(/^#[0-9a-f]{6}$/), 0, 0, 7, 7],
    ['#paper', 7, 0, 7, 7],
  ])
})

test('only places that look different are painted again', () => {
  const cells = Array.from({ length: 10_000 }, (_, at) => ({ value: at / 10_000 }))
  const grid = cells.map((_, at) => at)
  const { looks, paint, rectangles } = painted(contentsOf(cells), grid, 100, 5)
  expect(paint(null)).toBe(10_000)
  rectangles.length = 0
  expect(paint(looks)).toBe(0)
  const changed = cells.map((cell, at) => (at % 1000 === 7 ? { value: null, state: 'failed' } : cell))
  expect(paint(looks, looksOf(contentsOf(changed), Int32Array.from(grid)))).toBe(10)
  expect(rectangles.map(([color]) => color)).toEqual(
    Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? '#missing' : 'hatching')).filter(
      (each) => each === '#missing',
    ),
  )
})

test('signs, hatching, and cells without a number', () => {
  const { rectangles, signs, paint } = painted(
    contentsOf([
      { state: 'open' },
      { doubt: 'doubtful' },
      { doubt: 'wrong' },
      { state: 'failed', value: null },
      { value: Number.NaN },
      { value: Number.POSITIVE_INFINITY },
      { value: null, state: 'waiting' },
    ]),
    [0, 1, 2, 3, 4, 5, 6],
    7,
  )
  paint(null)
  expect(signs).toEqual(['?', '!', '✕'])
  expect(rectangles.map(([color]) => color).filter((color) => !color.startsWith('#2'))).toEqual([
    'hatching',
    ...Array.from({ length: 4 }, () => '#missing'),
  ])
})

test('states have their colours; those that have begun but not ended are hatched', () => {
  const states = Object.keys(stateColors) as (keyof typeof stateColors)[]
  const contents = contentsOf(
    states.map((state) => ({ state })),
    { show: 'state', domain: null },
  )
  const { rectangles, paint } = painted(
    contents,
    states.map((_, at) => at),
    states.length,
  )
  paint(null)
  expect(rectangles.map(([color]) => color)).toEqual(
    states.flatMap((state) => [stateColors[state], ...(['open', 'running'].includes(state) ? ['hatching'] : [])]),
  )
})

test('on a log scale 0 has a colour of its own, and the smallest number is the darkest', () => {
  const contents = contentsOf([{ value: 0 }, { value: 1e-6 }, { value: 1 }, { value: 1e-3 }], {
    domain: [1e-6, 1],
    isLog: true,
  })
  const { rectangles, paint } = painted(contents, [0, 1, 2, 3], 4)
  paint(null)
  expect(rectangles.map(([color]) => color).slice(0, 3)).toEqual([zeroColor, '#440154', '#fde725'])
  expect(shareIn(1e-3, [1e-6, 1], true)).toBeCloseTo(0.5, 12)
  expect(shareIn(0.3, [0.3, 0.3], true)).toBe(0.5)
})
