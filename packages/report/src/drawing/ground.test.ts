import { expect, test } from 'vitest'
import type { LandscapeScene } from '../figure/ground.ts'
import { figureCsv } from '../figureCsv.ts'
import { landscapeFigure } from '../figures/landscape.ts'
import { trajectoryFigure } from '../figures/trajectory.ts'
import { drawingOf, headlessDocument, svgOf } from './index.ts'

const map = (more: Partial<LandscapeScene> = {}): LandscapeScene => ({
  title: 'plane',
  coordinates: ['x', 'y'],
  view: [
    [-2, 2],
    [0, 2],
  ],
  columns: 4,
  rows: 2,
  losses: [1, 2, 3, 4, 5, 6, 7, 8],
  marks: [],
  sentences: [],
  ...more,
})
const curve = (more: Partial<LandscapeScene> = {}) =>
  map({ coordinates: ['x'], view: [[-2, 2]], columns: 5, rows: 1, losses: [3, null, 0, 1, 2], ...more })

function drawn(scene: LandscapeScene, width = 720, maxHeight?: number) {
  const document = headlessDocument()
  const size = maxHeight === undefined ? { width } : { width, maxHeight, plain: true }
  const { svg, frame } = drawingOf(landscapeFigure(scene), { document, ...size })
  const page = headlessDocument()
  page.body.innerHTML = svg
  return { svg, frame, all: (selector: string) => [...page.querySelectorAll(selector)] as unknown as Element[] }
}

const numbers = (text: string | null) => text!.match(/-?[\d.]+/g)!.map(Number)

test.each([
  [300, 420],
  [1000, 420],
  [2560, 200],
])('a map in %s x %s pixels has one scale for both coordinates, and fits', (width, maxHeight) => {
  const { frame, svg } = drawn(map(), width, maxHeight)
  expect(Math.abs(frame.width / 4 / (frame.height / 2) - 1)).toBeLessThan(0.02)
  expect(frame.left + frame.width).toBeLessThan(width)
  const [, , , whole] = numbers(/viewBox="([^"]+)"/.exec(svg)![1]!)
  expect(whole).toBeLessThanOrEqual(maxHeight + 2 * 14 + 5)
})

test('the frame of a drawing is where its axes are, with or without title and legend', () => {
  for (const scene of [map(), map({ escapes: [0, 0, 0, 0, 1, 1, 1, 1] }), curve()])
    for (const maxHeight of [undefined, 300]) {
      const { frame, all } = drawn(scene, 600, maxHeight)
      const [box] = all('[data-part=frame]')
      const [left, top] = numbers(box!.closest('svg > g')!.getAttribute('transform'))
      const side = (name: string): number => Number(box!.getAttribute(name))
      // The library puts a line of one pixel on the middle of pixels.
      expect(Math.abs(left! + side('x') - frame.left)).toBeLessThanOrEqual(0.5)
      expect(Math.abs(top! + side('y') - frame.top)).toBeLessThanOrEqual(0.5)
      expect([side('width'), side('height')].map(Math.round)).toEqual([frame.width, frame.height])
      expect(frame.x).toEqual([-2, 2])
    }
})

test('the axis of a curve covers every loss', () => {
  const [low, high] = drawn(curve()).frame.y!
  expect(low).toBeLessThan(0)
  expect(high).toBeGreaterThan(3)
})

test('the colour bar has the colours of the map and the loss at each contour', () => {
  const { all } = drawn(map())
  const bar = all('[data-part="color bar"] rect').map((band) => band.getAttribute('fill'))
  expect(bar).toHaveLength(8)
  expect(all('[data-part=contour] path').map((band) => band.getAttribute('fill'))).toEqual(bar)
  const texts = all('[data-part="color bar"] text').map((text) => text.textContent)
  expect(texts).toEqual(['loss L', '1', '2', '3', '4', '5', '6', '7', '8'])
  expect(drawn(curve()).all('[data-part="color bar"]')).toEqual([])
})

test('the losses of a crowded colour bar are far enough apart to be read', () => {
  const losses = Array.from({ length: 400 }, (_, i) => i / 7)
  const { all } = drawn(map({ columns: 20, rows: 20, losses }), 400, 160)
  const heights = all('[data-part="color bar"] text[y]:not(:first-child)').map((text) => Number(text.getAttribute('y')))
  expect(heights.length).toBeGreaterThan(2)
  for (const [i, y] of heights.entries()) if (i > 0) expect(heights[i - 1]! - y).toBeGreaterThan(17)
})

test.each([
  ['all', Array(8).fill(5)],
  ['none', Array(8).fill(null)],
])('a landscape of which %s losses are equal or finite is drawn', (_, losses) => {
  for (const scene of [map({ losses }), curve({ losses: losses.slice(0, 5) })]) {
    const { svg, frame } = drawn(scene)
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    expect(frame.width).toBeGreaterThan(200)
  }
})

test('the escape set of a map is hatched where it is; row 0 is below', () => {
  const { all, frame } = drawn(map({ escapes: [0, 0, 0, 0, 1, 1, 1, 1] }))
  const [set] = all('[data-part=contour][fill="url(#escape-set)"] path, [data-part=contour] path[fill*=escape]')
  const ys = numbers(set!.getAttribute('d')).filter((_, i) => i % 2 === 1)
  const edge = Math.max(...ys) - Math.min(...ys)
  expect(Math.abs(edge / frame.height - 0.5)).toBeLessThan(0.02)
  expect(all('text').map((text) => text.textContent)).toContain('counts as escaped')
})

test('the escape set of a curve is shaded in each of its stretches', () => {
  const scene = curve({ columns: 9, losses: Array(9).fill(0), escapes: [1, 1, 1, 0, 0, 0, 0, 1, 1] })
  const { all, frame } = drawn(scene)
  const [area] = all('[data-part=area] path')
  const stretches = area!.getAttribute('d')!.split('M').slice(1)
  expect(stretches).toHaveLength(2)
  const [first] = stretches.map((text) => numbers(text).filter((_, i) => i % 2 === 0))
  expect(Math.abs((Math.max(...first!) - Math.min(...first!)) / frame.width - 0.25)).toBeLessThan(0.01)
})

test('nothing explains an escape set that is not visible', () => {
  for (const scene of [map({ escapes: Array(8).fill(0) }), map()]) expect(drawn(scene).svg).not.toContain('escape-set')
})

test('the start of a curve is on the curve; a start outside the view is not drawn', () => {
  const layers = (scene: LandscapeScene) => landscapeFigure(scene).layers.filter(({ type }) => type === 'start')
  expect(layers(curve({ start: [1] }))).toEqual([{ type: 'start', x: 1, y: 1 }])
  expect(layers(map({ start: [1, 0.5] }))).toEqual([{ type: 'start', x: 1, y: 0.5 }])
  expect(layers(map({ start: [1, 9] }))).toEqual([])
  expect(layers(curve({ start: [-1] }))).toEqual([])
  expect(
    drawn(map({ start: [1, 0.5] }))
      .all('text')
      .map((text) => text.textContent),
  ).toContain('start')
})

test('paths have the same ground as the landscape', () => {
  const scene = map({ start: [1, 0.5], escapes: [0, 0, 0, 0, 1, 1, 1, 1] })
  const { layers } = trajectoryFigure({
    sweep: { id: 'a', name: 'a', state: 'done' } as never,
    cell: { index: 0, where: '' },
    scene,
    paths: [],
    every: 1,
  })
  expect(layers).toEqual(landscapeFigure(scene).layers)
})

test('with one coordinate, paths show the coordinate at each step, over the escape set and the minima', () => {
  const scene = curve({ start: [1], escapes: [0, 0, 0, 0, 1] })
  const point = (n: number, x: number) => ({ n, theta: [x], loss: x * x })
  const figure = trajectoryFigure({
    sweep: { id: 'a', name: 'a', state: 'done' } as never,
    cell: { index: 0, where: '' },
    scene,
    paths: [{ trial: 3, end: 'escaped', escapedAt: 2, points: [point(0, 1), point(1, 1.5), point(2, 1.25)] }],
    every: 1,
  })
  expect([figure.x.label, figure.y.label, figure.y.domain]).toEqual(['step n', scene.coordinates[0], scene.view[0]])
  const [path] = figure.layers.flatMap((layer) => (layer.type === 'line' && layer.role === 'path' ? [layer] : []))
  expect(path!.points).toEqual([
    { x: 0, y: 1 },
    { x: 1, y: 1.5 },
    { x: 2, y: 1.25 },
  ])
  const [set] = figure.layers.flatMap((layer) => (layer.type === 'escapes' ? [layer] : []))
  expect([set!.columns, set!.rows, set!.values.slice(-4)]).toEqual([2, 5, [0, 0, 1, 1]])
  const svg = svgOf(figure, { document: headlessDocument() })
  expect(svg).toContain('>trial 3: escaped<')
  expect(svg).not.toMatch(/NaN|undefined/)
})

test('the CSV of a landscape has its escape set and its start', () => {
  const rows = (scene: LandscapeScene) => figureCsv(landscapeFigure(scene)).split('\n')
  const flat = rows(curve({ start: [1], escapes: [0, 0, 0, 0, 1] }))
  expect(flat).toContain('escape set,2,,1')
  expect(flat).toContain('start,1,1,')
  expect(rows(map({ escapes: [0, 0, 0, 0, 0, 0, 0, 1] }))).toContain('escape set,1.5,1.5,1')
})
