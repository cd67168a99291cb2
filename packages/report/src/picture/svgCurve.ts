import { type Box, frame, marked, placer, round, svg } from './frame.ts'
import { heightsOf } from './heights.ts'
import type { Curve } from './scene.ts'

const box: Box = { left: 74, top: 44, width: 520, height: 320 }
const points = 521

/** The graph of the loss as SVG, with its minima. */
export function svgCurve(curve: Curve): string {
  const { values, range } = heightsOf(curve, points)
  const place = placer(box, curve.view, range)
  const [low, high] = curve.view
  let path = ''
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) return
    const [x, y] = place([low + ((high - low) * i) / (points - 1), value])
    path += `${path === '' || !Number.isFinite(values[i - 1] ?? 0) ? 'M' : 'L'}${round(x)} ${round(y)}`
  })
  return svg(box.left + box.width + 30, box.top + box.height + 56, curve.title, [
    frame(curve.title, box, { label: curve.axis, range: curve.view }, { label: 'L', range }),
    `<path d="${path}" fill="none" stroke="#31688e" stroke-width="2"/>`,
    ...curve.marks.map(({ name, at, loss }) => marked(name, place([at[0]!, loss]), box, 'above')),
  ])
}
