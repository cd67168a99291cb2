import { colorAt, hex } from './colormap.ts'
import { contours, type GridPoint } from './contour.ts'
import { type Box, frame, marked, placer, round, svg } from './frame.ts'
import { type Grid, quantiles, sample } from './grid.ts'
import type { Mark, Surface } from './scene.ts'
import { short } from './ticks.ts'

/** Number of bands of equal area: as many as can be told apart on a colour bar. */
const bands = 20
/** Number of grid nodes on each side. */
const nodes = 141
const longest = 460

/** A map of the loss as SVG, in bands of equal area, dark where the loss is low, with its minima and a colour bar. */
export function svgSurface(surface: Surface): string {
  const [x, y] = surface.view
  const ratio = (y[1] - y[0]) / (x[1] - x[0])
  const width = Math.round(ratio > 1 ? Math.max(longest / ratio, longest / 2) : longest)
  const height = Math.round(ratio > 1 ? longest : Math.max(longest * ratio, longest / 2))
  const box: Box = { left: 74, top: 44, width, height }
  const grid = sample(surface, nodes, nodes, 0)
  const levels = quantiles(grid, bands)
  const place = placer(box, x, y)
  return svg(box.left + width + 118, box.top + height + 56, surface.title, [
    `<rect x="${box.left}" y="${box.top}" width="${width}" height="${height}" fill="${hex(colorAt(0))}"/>`,
    ...levels.map((level, band) => {
      const path = contours(grid, level)
        .map((loop) => pathOf(loop, box))
        .join('')
      const fill = hex(colorAt((band + 1) / levels.length))
      return (
        `<path d="${path}" fill="${fill}" fill-rule="evenodd" stroke="#000" stroke-opacity="0.25" ` +
        'stroke-width="0.6"/>'
      )
    }),
    scale(levels, grid, surface.marks, { left: box.left + width + 22, top: box.top, width: 18, height }),
    frame(surface.title, box, { label: surface.axes[0], range: x }, { label: surface.axes[1], range: y }),
    ...surface.marks.map(({ name, at }) => marked(name, place([at[0]!, at[1]!]), box, 'beside')),
  ])
}

function pathOf(loop: readonly GridPoint[], box: Box): string {
  let path = ''
  let last = ''
  for (const [column, row] of loop) {
    const x = round(box.left + (box.width * column) / (nodes - 1))
    const y = round(box.top + box.height - (box.height * row) / (nodes - 1))
    const point = `${x} ${y}`
    if (point !== last) path += `${path === '' ? 'M' : 'L'}${point}`
    last = point
  }
  return `${path}Z`
}

/** The colour bar, with the losses at which the colour changes. Equal heights on the bar are equal areas of the map. */
function scale(levels: readonly number[], { values }: Grid, marks: readonly Mark[], box: Box): string {
  const count = levels.length + 1
  const step = box.height / count
  const least = (numbers: Float64Array) =>
    numbers.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY)
  const lowest = Math.min(least(values), ...marks.map(({ loss }) => loss))
  const highest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, value) : most), lowest)
  const bounds = [lowest, ...levels, highest]
  const parts = Array.from({ length: count }, (_, band) => {
    const y = box.top + box.height - (band + 1) * step
    return (
      `<rect x="${box.left}" y="${round(y)}" width="${box.width}" height="${round(step) + 0.3}" ` +
      `fill="${hex(colorAt(band / Math.max(1, count - 1)))}"/>`
    )
  })
  const every = Math.max(1, Math.round(count / 5))
  bounds.forEach((bound, at) => {
    if (at % every !== 0 && at !== count) return
    const y = round(box.top + box.height - at * step)
    parts.push(
      `<path d="M${box.left + box.width} ${y}h5" stroke="#333"/>`,
      `<text x="${box.left + box.width + 9}" ` +
        `y="${y + 4}">${short(Math.abs(bound) < 1e-9 * (highest - lowest) ? 0 : bound)}</text>`,
    )
  })
  parts.push(
    `<rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}" fill="none" stroke="#333"/>`,
    `<text x="${box.left + box.width / 2}" y="${box.top - 8}" text-anchor="middle" font-style="italic">L</text>`,
  )
  return parts.join('\n')
}
