import type { LandscapeScene } from '@driftfarm/report'
import type { Frame } from '@driftfarm/report/drawing'
import { numberText } from './format.ts'

/** The coordinates and the loss at a pixel of a drawing; null outside its axes. */
export function readingAt(scene: LandscapeScene, frame: Frame, i: number, j: number): string | null {
  const { view, coordinates, columns, rows, losses } = scene
  const [right, up] = [(i - frame.left) / frame.width, 1 - (j - frame.top) / frame.height]
  if (right < 0 || right >= 1 || up <= 0 || up > 1) return null
  const at = view.map(([low, high], side) => low + (high - low) * (side === 0 ? right : up))
  const place = Math.floor(right * columns)
  const loss = losses[view.length === 1 ? place : Math.min(rows - 1, Math.floor(up * rows)) * columns + place]
  return [
    ...at.map((value, side) => `${coordinates[side]} ${numberText(Number(value.toPrecision(3)))}`),
    ...(loss === undefined ? [] : [`loss L ${numberText(loss)}`]),
  ].join(', ')
}
