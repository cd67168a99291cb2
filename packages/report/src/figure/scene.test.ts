import { decodeOutcome, layoutOf, networkSlopes, runReference } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { headlessDocument, svgOf } from '../drawing/index.ts'
import { landscapeFigure } from '../figures/landscape.ts'
import { hasOneScale } from './axis.ts'
import { landscapeScene, tracePaths } from './scene.ts'

function sceneOf(lines: string, paths: readonly (readonly (readonly number[])[])[] = []) {
  const text = `version: 1\nname: scene\nseed: 1\nupdate: { eta: 0.1, drift: { sigma: 1 } }\ntrials: 10\n${lines}`
  const { cell } = parseSweep(text, { fileName: 'scene', slopesOf: networkSlopes }).cell(0)
  return landscapeScene(cell, [], { title: 'scene', minima: cell.trial.minima, paths })
}

const lengths = (view: readonly (readonly [number, number])[]) => view.map(([low, high]) => high - low)

test('a curve: the escape set is where the condition holds, and the start is the named minimum', () => {
  const scene = sceneOf(
    "landscape: { preset: double-well }\nstart: { minimum: left }\ntrial: { steps: 9, escape: 'x >= 0' }",
  )!
  const [[low, high]] = scene.view as [[number, number]]
  const x = (i: number): number => low + ((high - low) * i) / (scene.columns - 1)
  expect(scene.escapes).toEqual(scene.losses.map((_, i) => (x(i) >= 0 ? 1 : 0)))
  expect(scene.escapes).toContain(0)
  expect(scene.escapes).toContain(1)
  expect(scene.start).toEqual([-1])
})

test('a map: pixels of the escape set, and one scale for both coordinates', () => {
  const scene = sceneOf(
    "landscape: { preset: mueller-brown }\nstart: { minimum: left }\ntrial: { steps: 9, escape: 'y <= 0.7' }",
  )!
  const [, [low, high]] = scene.view as [unknown, [number, number]]
  const y = (at: number): number => low + ((high - low) * (Math.floor(at / scene.columns) + 0.5)) / scene.rows
  expect(scene.escapes).toEqual(scene.losses.map((_, at) => (y(at) <= 0.7 ? 1 : 0)))
  expect(hasOneScale(scene.view)).toBe(true)
})

test('two minima on a horizontal line: the shorter range is widened around its middle', () => {
  const scene = sceneOf(
    "landscape: { formula: { expression: '(x^2 - 1)^2 + y^2', variables: [x, y], " +
      "minima: { a: [-1, 0], b: [1, 0] } } }\nstart: { minimum: a }\ntrial: { steps: 9, escape: 'x >= 0' }",
  )!
  expect(lengths(scene.view)).toEqual([3, 2])
  expect(hasOneScale(scene.view)).toBe(true)
})

test('coordinates of very different size keep their own scales', () => {
  const scene = sceneOf(
    "landscape: { formula: { expression: 'x^2 + (y/1000)^2 * (y/1000 - 1)^2', variables: [x, y], " +
      "minima: { a: [0, 0], b: [0, 1000] } } }\nstart: { minimum: a }\ntrial: { steps: 9, escape: 'y >= 500' }",
  )!
  expect(lengths(scene.view)).toEqual([2, 1500])
  expect(hasOneScale(scene.view)).toBe(false)
})

test('leaving a basin: the set beyond the ridge', () => {
  const scene = sceneOf(
    'landscape: { preset: double-well }\nstart: { minimum: left }\n' +
      'trial: { steps: 9, escape: { basin: true, every: 5 } }',
  )!
  const [[low, high]] = scene.view as [[number, number]]
  const edge = scene.escapes!.indexOf(1) / (scene.columns - 1)
  expect(Math.abs(low + edge * (high - low))).toBeLessThan((3 * (high - low)) / scene.columns)
  expect(scene.escapes!.at(-1)).toBe(1)
})

test('without an escape event, or if it depends on the step, no set is drawn; without one start, no start', () => {
  const start = 'landscape: { preset: double-well }\nstart: { minimum: left }\n'
  expect(sceneOf(`${start}trial: { steps: 9 }`)!.escapes).toBeUndefined()
  expect(sceneOf(`${start}trial: { steps: 9, escape: 'x >= 0.1 * step' }`)!.escapes).toBeUndefined()
  const drawn = 'landscape: { preset: double-well }\nstart: { gaussian: { mean: -1, sigma: 0.1 } }\n'
  expect(sceneOf(`${drawn}trial: { steps: 9, escape: 'x >= 0' }`)!.escapes).toContain(1)
  const byDistance = sceneOf(`${drawn}trial: { steps: 9, escape: 'distance >= 1' }`)!
  expect(byDistance.escapes).toBeUndefined()
  expect(byDistance.start).toBeUndefined()
})

test('the figure of a map has one scale, too', () => {
  const scene = sceneOf(
    "landscape: { preset: banana }\nstart: { minimum: left }\ntrial: { steps: 9, escape: 'x >= 0' }",
  )!
  const [across, up] = lengths(scene.view)
  for (const width of [400, 1200]) {
    const svg = svgOf(landscapeFigure(scene), { document: headlessDocument(), width })
    const sides = ['width', 'height'].map((side) =>
      Number(new RegExp(`data-part="frame"[^>]* ${side}="([\\d.]+)"`).exec(svg)![1]),
    )
    expect(Math.abs(sides[0]! / sides[1]! / (across! / up!) - 1)).toBeLessThan(0.01)
  }
})

test.each([
  ['x^2/2 - x^3/6', 'x', '{ bottom: [0] }', '[0]', 'x >= 2', 2],
  ['x^2/2 - x^3/6', 'x', '{ bottom: [0] }', '{ uniform: { low: -0.1, high: 0.1 } }', 'x >= 2', 2],
  ['x^2', 'x', '{}', '[1e-3]', 'abs(x) >= 2e-3', 2e-3],
  ['x^2 + y^2', 'x, y', '{ bottom: [0, 0] }', '[0, 0]', 'min(x, y) >= 3', 3],
])(
  'one minimum: the view of %s reaches beyond the edge of the escape set',
  (loss, variables, minima, start, escape, edge) => {
    const scene = sceneOf(
      `landscape: { formula: { expression: '${loss}', variables: [${variables}], minima: ${minima} } }\n` +
        `start: ${start}\ntrial: { steps: 9, escape: '${escape}' }`,
    )!
    const [[low, high]] = scene.view as [[number, number]]
    expect(low).toBeLessThan(0)
    expect(high).toBeGreaterThan(1.1 * edge)
    expect(high).toBeLessThan(2 * edge)
    expect(scene.escapes).toContain(1)
  },
)

test('one long jump leaves room for the wells, and the caption says that paths leave the picture', () => {
  const wells = "landscape: { preset: double-well }\nstart: { minimum: left }\ntrial: { steps: 9, escape: 'x >= 0' }"
  const still = Array.from({ length: 200 }, (_, i) => [-1 + 0.001 * i])
  const inside = sceneOf(wells, [still])!
  expect(inside.sentences).toEqual([])
  for (const far of [80, -250]) {
    const scene = sceneOf(wells, [[...still, [far]], still])!
    expect(lengths(scene.view)[0]).toBeLessThan(1.5 * lengths(inside.view)[0]!)
    expect(Math.max(...scene.losses.map(Number))).toBeLessThan(20)
    expect(scene.sentences).toEqual(['Paths that leave the picture are cut off at its edge.'])
  }
})

test('paths that spread much farther than the minimum are visible', () => {
  const bowl =
    "landscape: { formula: { expression: 'x^2', variables: [x], minima: { a: [0] } } }\n" +
    'start: [1e-3]\ntrial: { steps: 9 }'
  const [[low, high]] = sceneOf(bowl, [Array.from({ length: 201 }, (_, i) => [(i - 100) / 10])])!.view as [
    [number, number],
  ]
  expect(low).toBeLessThan(-8)
  expect(high).toBeGreaterThan(8)
})

test('a path says when its trial first escaped, also if the trial continues', () => {
  const spec = `
version: 1
name: traced
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.2, drift: { sigma: 1 } }
trial: { steps: 200, escape: "x >= 0", afterEscape: continue }
trials: 8`
  const { cell } = parseSweep(spec, { fileName: 'traced' }).cell(0)
  const { paths } = tracePaths(cell, [], [0, 1, 2, 3, 4, 5, 6, 7], 'traced')
  const { records } = runReference(cell, 0, 8, { horizons: [] })
  const expected = paths.map(({ trial }) => decodeOutcome(records, layoutOf(cell), trial).escapedAt)
  expect(paths.map(({ escapedAt }) => escapedAt)).toEqual(expected)
  expect(expected).toContain(null)
  expect(new Set(expected).size).toBeGreaterThan(2)
  expect(paths.map(({ points }) => points.at(-1)!.n)).toEqual(Array(8).fill(200))
  for (const { escapedAt, points } of paths)
    if (escapedAt !== null) expect(points.findIndex(({ theta }) => theta[0]! >= 0)).toBe(escapedAt)
})
