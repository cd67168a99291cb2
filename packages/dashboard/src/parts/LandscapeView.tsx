import type { LandscapeScene, PathsData } from '@driftfarm/report'
import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { contextOf } from './canvas.ts'
import { Button } from './controls.tsx'
import { numberText } from './format.ts'
import {
  bandColors,
  escapedRanges,
  type Frame,
  frameOf,
  paintSurface,
  readingAt,
  type Side,
  wholeSize,
} from './landscapeFrame.ts'
import { useFigureColors } from './theme.ts'
import { isStill, useSteps } from './useSteps.ts'
import { useWidth } from './useWidth.ts'

type Path = PathsData['paths'][number]

interface Props {
  readonly scene: LandscapeScene
  readonly paths: readonly Path[]
  /** Whether the paths begin to move at once, unless the reader prefers reduced motion. */
  readonly animate: boolean
  /** The largest height of the picture in pixels. */
  readonly height?: number
  /** Added to the caption. */
  readonly children?: ReactNode
}

/** More paths have no colours and no legend of their own. */
const maxNamed = 6

/** A landscape as a curve or a map, with its axes, minima, start and escape set, and the paths of trials on it. */
export function LandscapeView({ scene, paths, animate, height = 420, children }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const room = useWidth(place)
  const frame = useMemo(() => (room === 0 ? null : frameOf(scene, room, height)), [scene, room, height])
  const last = paths.reduce((most, { points }) => Math.max(most, points.at(-1)?.n ?? 0), 0)
  const steps = useSteps(last, paths, animate)
  const [reading, setReading] = useState<string | null>(null)
  const escaped = paths.filter(({ end }) => end === 'escaped').length
  const isMap = scene.view.length === 2
  const told = paths.length === 0 ? '' : `; ${paths.length} trials, ${escaped} of which escape`
  return (
    <figure className="landscape">
      <div ref={place}>
        {frame !== null && (
          <div
            className="landscape-picture"
            style={wholeSize(frame)}
            onPointerMove={({ currentTarget, clientX, clientY }) => {
              const { left, top } = currentTarget.getBoundingClientRect()
              setReading(readingAt(scene, frame, clientX - left - frame.left, clientY - top - frame.top))
            }}
            onPointerLeave={() => setReading(null)}
          >
            {frame.levels.length > 0 && <Surface scene={scene} frame={frame} />}
            <Axes scene={scene} frame={frame} label={`${isMap ? 'Map' : 'Graph'} of the loss${told}`} />
            {paths.length > 0 && <Paths scene={scene} frame={frame} paths={paths} step={steps.step} />}
          </div>
        )}
      </div>
      {last > 0 && (
        <div className="tools landscape-tools">
          {!isStill() && (
            <Button label={steps.isPlaying ? 'Pause' : 'Play'} small onClick={steps.toggle} disabled={last === 0} />
          )}
          <Button label="‹" aria-label="One step back" small onClick={() => steps.go(steps.step - 1)} />
          <input
            type="range"
            aria-label="Step"
            min={0}
            max={last}
            value={steps.step}
            onChange={(event) => steps.go(Number(event.target.value))}
          />
          <Button label="›" aria-label="One step forward" small onClick={() => steps.go(steps.step + 1)} />
          <span>
            step {steps.step} of {last}
          </span>
        </div>
      )}
      <p className="landscape-reading faint">{reading}</p>
      <figcaption className="faint">
        {paths.length > 0 && paths.length <= maxNamed && <PathKey paths={paths} />}
        {scene.escapes?.includes(1) && 'A trial that enters the orange set counts as escaped. '}
        {frame !== null && frame.levels.length > 0 && 'Each colour covers the same area. '}
        {children}
      </figcaption>
    </figure>
  )
}

function PathKey({ paths }: { readonly paths: readonly Path[] }) {
  return (
    <span className="key">
      {paths.map(({ trial, end, points }, at) => (
        <span key={trial}>
          <span className={`swatch series-${at + 1}`} aria-hidden="true" /> trial {trial}:{' '}
          {end === 'cut' ? 'drawn in part' : end}
          {end === 'escaped' && ` at step ${points.at(-1)?.n}`}
        </span>
      ))}
    </span>
  )
}

interface Drawn {
  readonly scene: LandscapeScene
  readonly frame: Frame
}

const Surface = memo(({ scene, frame }: Drawn) => {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { left, top, width, height } = frame
  useEffect(() => {
    const context = contextOf(canvas.current, width, height)
    if (context === null) return
    const image = context.createImageData(context.canvas.width, context.canvas.height)
    paintSurface(image, scene, frame)
    context.putImageData(image, 0, 0)
  }, [scene, frame, width, height])
  return <canvas ref={canvas} style={{ left, top, width, height }} />
})

const Axes = memo(({ scene, frame, label }: Drawn & { readonly label: string }) => {
  const { left, top, width, height, across, up, x, y } = frame
  const isMap = scene.view.length === 2
  const heightAt = (at: readonly number[], loss: number | null): number => y(isMap ? at[1]! : (loss ?? up.low))
  const ground = scene.losses.flatMap((loss, i) =>
    isMap || loss === null ? [] : [`${x(at(across, i / (scene.columns - 1)))},${y(loss)}`],
  )
  const { start } = scene
  return (
    <svg {...wholeSize(frame)} role="img" aria-label={label}>
      <g transform={`translate(${left},${top})`}>
        {!isMap &&
          escapedRanges(scene).map(([from, to]) => (
            <rect key={from} x={x(from)} y={0} width={x(to) - x(from)} height={height} className="escape-set" />
          ))}
        <rect width={width} height={height} className="frame" />
        {across.ticks.map(([tick, text]) => (
          <g key={tick} transform={`translate(${x(tick)},${height})`}>
            <line y2={5} />
            <text y={18} className="tick-x">
              {text}
            </text>
          </g>
        ))}
        <text x={width / 2} y={height + 36} className="tick-x">
          {across.name}
        </text>
        {up.ticks.map(([tick, text]) => (
          <g key={tick} transform={`translate(0,${y(tick)})`}>
            <line x2={-5} />
            <text x={-8} className="tick-y">
              {text}
            </text>
          </g>
        ))}
        <text transform={`translate(${-left + 13},${height / 2}) rotate(-90)`} className="tick-x">
          {up.name}
        </text>
        {ground.length > 0 && <polyline points={ground.join(' ')} className="ground" />}
        {scene.marks
          .filter(({ at }) => isInView(scene, at))
          .map(({ name, at, loss }) => (
            <g key={name} transform={`translate(${x(at[0]!)},${heightAt(at, loss)})`} className="mark">
              <circle r={4} />
              <text y={-10} className="tick-x">
                {name}
              </text>
            </g>
          ))}
        {start !== undefined && isInView(scene, start) && (
          <g transform={`translate(${x(start[0]!)},${heightAt(start, lossAt(scene, start[0]!))})`} className="mark">
            <circle r={8} className="start" />
            <text x={-12} y={13} className="tick-y">
              start
            </text>
          </g>
        )}
        <ColorBar frame={frame} />
      </g>
    </svg>
  )
})

const at = ({ low, high }: Side, share: number): number => low + (high - low) * share

const isInView = ({ view }: LandscapeScene, point: readonly number[]): boolean =>
  view.every(([low, high], i) => point[i]! >= low && point[i]! <= high)

/** The loss of a landscape with one coordinate, to the resolution of the scene. */
function lossAt({ view, losses, columns }: LandscapeScene, x: number): number | null {
  const [[low, high] = [0, 1]] = view
  return losses[Math.round(((x - low) / (high - low)) * (columns - 1))] ?? null
}

/** The bands are equally high because each of them covers the same area of the map. */
function ColorBar({ frame: { levels, width, height } }: Pick<Drawn, 'frame'>) {
  if (levels.length === 0) return null
  const colors = bandColors(levels)
  const band = height / levels.length
  const every = Math.max(1, Math.ceil(18 / band))
  return (
    <g transform={`translate(${width + 14},0)`}>
      {levels.map((level, place) => (
        <g key={level} transform={`translate(0,${height - (place + 1) * band})`}>
          <rect width={12} height={band + 0.5} fill={colors[place]} />
          {place % every === 0 && (
            <text x={17} y={band} className="tick-bar">
              {numberText(Number(level.toPrecision(2)))}
            </text>
          )}
        </g>
      ))}
      <text transform={`translate(66,${height / 2}) rotate(-90)`} className="tick-x">
        loss L
      </text>
    </g>
  )
}

const trailOfMany = 12

function Paths({ scene, frame, paths, step }: Drawn & { readonly paths: readonly Path[]; readonly step: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { left, top, width, height, x, y } = frame
  const colors = useFigureColors()
  useEffect(() => {
    const context = contextOf(canvas.current, width, height)
    if (context === null) return
    const isMap = scene.view.length === 2
    const isFew = paths.length <= maxNamed
    const isWhole = isStill()
    paths.forEach(({ end, points }, place) => {
      const shown = indexAt(points, step)
      const last = points[shown]
      if (last === undefined) return
      // Few paths along a graph are drawn one above another.
      const lift = !isMap && isFew ? 6 * (place + 1) : 0
      const position = ({ theta, loss }: Path['points'][number]) =>
        [x(theta[0]!), (isMap ? y(theta[1]!) : y(loss)) - lift] as const
      const hasEscaped = end === 'escaped' && shown === points.length - 1
      context.strokeStyle = context.fillStyle = isFew ? colors.series[place]! : hasEscaped ? escapedColor : colors.ink
      context.globalAlpha = isFew ? 0.9 : 0.3
      context.lineWidth = isFew ? 1.5 : 1
      context.beginPath()
      for (const point of points.slice(isFew || isWhole ? 0 : Math.max(0, shown - trailOfMany), shown + 1))
        context.lineTo(...position(point))
      context.stroke()
      context.globalAlpha = 0.85
      context.beginPath()
      context.arc(...position(last), isFew ? 4.5 : 3, 0, 2 * Math.PI)
      context.fill()
      // An outline, because the ground may have the same colour.
      context.globalAlpha = 1
      context.strokeStyle = colors.paper
      context.lineWidth = 1
      context.stroke()
    })
  }, [scene, paths, step, width, height, x, y, colors])
  return <canvas ref={canvas} style={{ left, top, width, height }} />
}

const escapedColor = '#d55e00'

/** The index of the last point of a path up to a step. All points but the last are equally spaced. */
function indexAt(points: Path['points'], step: number): number {
  const last = points.length - 1
  if (last < 1 || step >= points[last]!.n) return last
  return Math.min(last, Math.floor(step / (points[1]!.n - points[0]!.n)))
}
