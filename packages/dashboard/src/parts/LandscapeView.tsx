import { inTheme, type LandscapeScene, landscapeFigure, type PathsData, palette, seriesColor } from '@driftfarm/report'
import type { Frame } from '@driftfarm/report/drawing'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { contextOf } from './canvas.ts'
import { Button } from './controls.tsx'
import { Drawing } from './FigureView.tsx'
import { undecidedText } from './format.ts'
import { readingAt } from './landscapeReading.ts'
import { useFigureTheme } from './theme.ts'
import { isStill, useSteps } from './useSteps.ts'

type Path = PathsData['paths'][number]

export interface LandscapeProps {
  readonly scene: LandscapeScene
  readonly paths: readonly Path[]
  /** Whether the paths begin to move at once, unless the reader prefers reduced motion. */
  readonly animate: boolean
  /** The largest height of the picture in pixels. */
  readonly height?: number
  /** Added to the caption. */
  readonly children?: ReactNode
}

/** If there are more paths, only escaped ones have a colour, and there is no legend. */
const maxNamed = 6

const nameOf = ({ trial, end }: Path) => `trial ${trial}: ${end === 'cut' ? 'drawn in part' : end}`

/** Says how the paths along a graph are drawn if they are few. `lift` is in pixels. */
const liftedText = 'Each path is raised a little above the one before, so that all can be seen.'
const lift = 6

/** A landscape as a curve or a map, with its axes, minima, start and escape set, and the paths of trials on it. */
export function LandscapeView({ scene, paths, animate, height = 420, children }: LandscapeProps) {
  const name = scene.view.length === 2 ? 'Map of the loss' : 'Graph of the loss'
  const figure = useMemo(() => landscapeFigure({ ...scene, title: name }), [scene, name])
  const [frame, setFrame] = useState<Frame | null>(null)
  const last = paths.reduce((most, { points }) => Math.max(most, points.at(-1)?.n ?? 0), 0)
  const steps = useSteps(last, paths, animate)
  const [reading, setReading] = useState<string | null>(null)
  const { layers } = figure
  const series = paths.length > maxNamed ? ['escaped'] : paths.map(nameOf)
  const colors = series.map((_, at) => seriesColor({ layers, series }, at))
  const escaped = paths.filter(({ end }) => end === 'escaped').length
  const told = paths.length === 0 ? '' : `; ${paths.length} trials, ${escaped} of which escape`
  return (
    <figure className="landscape">
      <div
        className="landscape-picture"
        role="img"
        aria-label={name + told}
        onPointerMove={({ currentTarget, clientX, clientY }) => {
          const { left, top } = currentTarget.getBoundingClientRect()
          if (frame !== null) setReading(readingAt(scene, frame, clientX - left, clientY - top))
        }}
        onPointerLeave={() => setReading(null)}
      >
        <div aria-hidden="true">
          <Drawing figure={figure} maxHeight={height} onFrame={setFrame} />
        </div>
        {frame !== null && paths.length > 0 && (
          <Paths scene={scene} frame={frame} paths={paths} step={steps.step} colors={colors} />
        )}
      </div>
      {last > 0 && (
        <div className="tools landscape-tools">
          {!isStill() && <Button label={steps.isPlaying ? 'Pause' : 'Play'} small onClick={steps.toggle} />}
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
        {paths.length > 0 && paths.length <= maxNamed && <PathKey paths={paths} colors={colors} />}
        {figure.caption.join(' ')}
        {scene.view.length === 1 && paths.length > 1 && paths.length <= maxNamed && ` ${liftedText}`}
        {paths.some(({ end }) => end === 'undecided') && ` ${undecidedText}`} {children}
      </figcaption>
    </figure>
  )
}

interface Colored {
  readonly paths: readonly Path[]
  /** The colour of each path; if there are many, that of escaped ones. */
  readonly colors: readonly string[]
}

const PathKey = ({ paths, colors }: Colored) => (
  <span className="key">
    {paths.map((path, at) => (
      <span key={path.trial}>
        <span className="swatch" style={{ background: colors[at] }} aria-hidden="true" /> {nameOf(path)}
        {path.end === 'escaped' && ` at step ${path.points.at(-1)?.n}`}
      </span>
    ))}
  </span>
)

interface PathsProps extends Colored, Pick<LandscapeProps, 'scene'> {
  readonly frame: Frame
  readonly step: number
}

const trailOfMany = 12

function Paths({ scene, frame, paths, step, colors: names }: PathsProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useFigureTheme()
  const colors = names.map((name) => inTheme(name, theme)).join(' ')
  useEffect(() => {
    const { width, height, x, y } = frame
    const own = colors.split(' ')
    const { ink, paper } = palette[theme]
    const context = contextOf(canvas.current, width, height)
    if (context === null) return
    const isMap = scene.view.length === 2
    const share = ([low, high]: readonly [number, number], value: number): number => (value - low) / (high - low)
    const isFew = paths.length <= maxNamed
    const isWhole = isStill()
    paths.forEach(({ end, points }, place) => {
      const shown = indexAt(points, step)
      const last = points[shown]
      if (last === undefined) return
      const raised = !isMap && isFew ? lift * (place + 1) : 0
      const position = ({ theta, loss }: Path['points'][number]) =>
        [share(x!, theta[0]!) * width, (1 - share(y!, isMap ? theta[1]! : loss)) * height - raised] as const
      const hasEscaped = end === 'escaped' && shown === points.length - 1
      context.strokeStyle = context.fillStyle = isFew ? own[place]! : hasEscaped ? own[0]! : ink
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
      context.strokeStyle = paper
      context.lineWidth = 1
      context.stroke()
    })
  }, [scene, frame, paths, step, colors, theme])
  const { left, top, width, height } = frame
  return <canvas ref={canvas} style={{ left, top, width, height }} />
}

/** The index of the last point of a path up to a step. All points but the last are equally spaced. */
function indexAt(points: Path['points'], step: number): number {
  const last = points.length - 1
  if (last < 1 || step >= points[last]!.n) return last
  return Math.min(last, Math.floor(step / (points[1]!.n - points[0]!.n)))
}
