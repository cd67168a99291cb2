import { colorAt, hex } from '@driftfarm/report'
import { useEffect, useRef } from 'react'
import type { PlayResult } from '../../compute/playing.ts'
import { contextOf } from '../../parts/canvas.ts'
import { useFigureColors } from '../../parts/theme.ts'
import { useWidth } from '../../parts/useWidth.ts'

/** If the reader prefers reduced motion, only the last step of each trial is shown. */
export function Cloud({ play, chosen }: { readonly play: PlayResult; readonly chosen: unknown }) {
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = useWidth(frame)
  const height = Math.round(Math.min(420, Math.max(200, width * 0.7)))
  const colors = useFigureColors()
  const { scene, paths } = play
  useEffect(() => {
    const context = scene === null || width === 0 ? null : contextOf(canvas.current, width, height)
    if (context === null || scene === null) return
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const longest = Math.max(...paths.map(({ thetas }) => thetas.length))
    const background = backgroundOf(scene, width, height, colors)
    let handle = 0
    const began = performance.now()
    const draw = (): void => {
      const at = still ? longest - 1 : Math.floor(((performance.now() - began) / 6_000) * longest)
      context.drawImage(background, 0, 0, width, height)
      for (const { thetas, escaped } of paths) {
        const place = Math.min(at, thetas.length - 1)
        const hasEnded = place === thetas.length - 1 && escaped
        const color = hasEnded ? '#d55e00' : colors.ink
        dot(context, scene, thetas[place]!, { width, height }, { color, halo: colors.paper })
      }
      if (!still && at < longest) handle = requestAnimationFrame(draw)
    }
    draw()
    return () => cancelAnimationFrame(handle)
    // `paths` is not a dependency: each report of a run contains a copy of the same paths, and a copy must not restart
    // the animation.
  }, [scene?.view.flat().join(' '), paths[0]?.thetas.length, chosen, width, height, colors])
  const escaped = paths.filter((path) => path.escaped).length
  return (
    <figure>
      <div ref={frame}>
        <canvas
          ref={canvas}
          style={{ width, height }}
          role="img"
          aria-label={`${paths.length} trials on the landscape; ${escaped} of them escape`}
        />
      </div>
      <figcaption className="faint">{paths.length} of the trials, step by step. Orange trials have escaped.</figcaption>
    </figure>
  )
}

type Scene = NonNullable<PlayResult['scene']>
type Size = { readonly width: number; readonly height: number }

function placeOf(
  { view, losses, columns }: Scene,
  theta: readonly number[],
  { width, height }: Size,
): readonly [number, number] {
  const [[low, high] = [0, 1]] = view
  const x = ((theta[0]! - low) / (high - low)) * width
  if (view.length > 1) {
    const [bottom, top] = view[1]!
    return [x, height - ((theta[1]! - bottom) / (top - bottom)) * height]
  }
  const known = losses.filter((loss): loss is number => loss !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)]
  const column = Math.max(0, Math.min(columns - 1, Math.round((x / width) * (columns - 1))))
  const loss = losses[column] ?? most
  return [x, height - 14 - ((loss - least) / (most - least || 1)) * (height - 28)]
}

function dot(
  context: CanvasRenderingContext2D,
  scene: Scene,
  theta: readonly number[],
  size: Size,
  { color, halo }: { readonly color: string; readonly halo: string },
): void {
  const [x, y] = placeOf(scene, theta, size)
  if (!Number.isFinite(x) || !Number.isFinite(y)) return
  context.beginPath()
  context.arc(Math.max(0, Math.min(size.width, x)), Math.max(0, Math.min(size.height, y)), 3, 0, 2 * Math.PI)
  context.fillStyle = color
  context.globalAlpha = 0.75
  context.fill()
  context.globalAlpha = 1
  // Outline the dot, because the background may have the same colour.
  context.strokeStyle = halo
  context.lineWidth = 1
  context.stroke()
}

function backgroundOf(
  scene: Scene,
  width: number,
  height: number,
  colors: ReturnType<typeof useFigureColors>,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')!
  context.fillStyle = colors.paper
  context.fillRect(0, 0, width, height)
  const { columns, rows, losses, view } = scene
  if (view.length === 1) {
    context.strokeStyle = colors.faint
    context.lineWidth = 1.5
    context.beginPath()
    const [[low, high] = [0, 1]] = view
    for (let column = 0; column < columns; column++) {
      const [x, y] = placeOf(scene, [low + ((high - low) * column) / (columns - 1)], { width, height })
      if (column === 0) context.moveTo(x, y)
      else context.lineTo(x, y)
    }
    context.stroke()
    return canvas
  }
  const sorted = losses.filter((loss): loss is number => loss !== null).sort((a, b) => a - b)
  // In reverse, so that equal losses get the rank of the first of them.
  const ranks = new Map([...sorted.entries()].reverse().map(([rank, loss]) => [loss, rank]))
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const loss = losses[row * columns + column]
      if (loss === null || loss === undefined) continue
      const share = ranks.get(loss)! / Math.max(1, sorted.length - 1)
      context.fillStyle = hex(colorAt(Math.floor(share * 16) / 16))
      context.fillRect(
        (column / columns) * width,
        height - ((row + 1) / rows) * height,
        width / columns + 1,
        height / rows + 1,
      )
    }
  return canvas
}
