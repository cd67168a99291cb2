import { expect, test } from 'vitest'
import { inTheme, palette, seriesColor } from './colors.ts'

const colorsOf = (...series: string[]) =>
  series.map((_, at) => inTheme(seriesColor({ layers: [], series }, at), 'light'))
const { series: places, undecided } = palette.light

test.each([
  ['escaped', places[1]],
  ['escape', places[1]],
  ['trial 3: escaped', places[1]],
  ['0.1 · escape', places[1]],
  ['0.1 · converge', places[2]],
  ['trial 0: diverged', places[3]],
  ['trial 0: undecided', undecided],
  ['an escaped prisoner', places[0]],
])('a single series %s has the colour of its outcome', (series, color) => {
  expect(colorsOf(series)).toEqual([color])
})

test('several series of one outcome have different shades, and other series the remaining colours', () => {
  const found = colorsOf('a: escaped', 'b: escaped', 'c: escaped', 'd: escaped', 'e: escaped', 'f', 'g')
  expect(new Set(found).size).toBe(7)
  // A shade without a colour would be drawn black.
  for (const color of found) expect(color).toMatch(/^#[0-9a-f]{6}$/)
  expect(found[2]).toBe(places[1])
  expect(found.slice(5)).toEqual([places[0], places[2]])
})
