import { type Figure, inTheme, palette, seriesColor } from '@driftfarm/report'
import { describe, expect, test } from 'vitest'
import { pathColors } from './pathColors.ts'

const pathsOf = (ends: readonly string[]) => ends.map((end, trial) => ({ trial, end, escapedAt: null, points: [] }))
const graph: Pick<Figure, 'layers'> = { layers: [] }
const map: Pick<Figure, 'layers'> = { layers: [{ type: 'surface', columns: 1, rows: 1, values: [0] }] }
const light = (colors: readonly string[]) => colors.map((color) => inTheme(color, 'light'))
const [, orange, green] = palette.light.series

describe('colours of paths', () => {
  test('are those of the outcomes; five paths of one outcome have five shades', () => {
    expect(light(pathColors(graph, pathsOf(['converged', 'escaped']), true))).toEqual([green, orange])
    const ends = ['escaped', 'converged', 'diverged', 'undecided']
    for (const { layers } of [graph, map]) {
      const shades = ends.map((end) => pathColors({ layers }, pathsOf(Array(5).fill(end)), true))
      for (const ofOutcome of shades) expect(new Set(ofOutcome).size).toBe(5)
      // No shade of an outcome is one of another outcome.
      expect(new Set(light(shades.flat())).size).toBe(20)
    }
  })

  test('of many paths have no shades', () => {
    const ends = Array.from({ length: 40 }, (_, trial) => (trial % 3 === 0 ? 'escaped' : 'converged'))
    const colors = light(pathColors(graph, pathsOf(ends), false))
    expect(colors).toEqual(ends.map((end) => (end === 'escaped' ? orange : green)))
  })

  test('are those of a trajectory figure, on a map and beside it', () => {
    const ends = ['converged', 'cut', 'escaped', 'converged']
    const series = ends.map((end, trial) => `trial ${trial}: ${end}`)
    for (const { layers } of [graph, map])
      expect(pathColors({ layers }, pathsOf(ends), true)).toEqual(
        series.map((_, at) => seriesColor({ layers, series }, at)),
      )
  })

  test('of a path drawn in part are those of no outcome', () => {
    for (const isFew of [true, false]) {
      const [cut] = light(pathColors(graph, pathsOf(['cut', 'converged']), isFew))
      expect(cut).toBe(palette.light.series[0])
    }
  })
})
