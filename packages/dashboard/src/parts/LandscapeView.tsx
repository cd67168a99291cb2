import { inTheme, type LandscapeScene, landscapeFigure, type PathsData, palette } from '@driftfarm/report'
import type { Frame } from '@driftfarm/report/drawing'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { contextOf } from './canvas.ts'
import { Button } from './controls.tsx'
import { Drawing } from './FigureView.tsx'
import { undecidedText } from './format.ts'
import { readingAt } from './landscapeReading.ts'
import { pathColors } from './pathColors.ts'
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

/** More paths of an outcome would have no shades of their own, so the legend of more paths names only outcomes. */
const maxNamed = 5

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
  const escaped = paths.filter(({ end }) => end === 'escaped').length
  const isFew = paths.length <= maxNamed
  const colors = useMemo(() => pathColors(figure, paths, isFew), [figure, paths, isFew])
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
        {frame !== null && paths.length > 0 && <Paths {...{ scene, frame, paths, isFew, colors }} step={steps.step} />}
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
        {paths.length > 0 && <PathKey {...{ paths, isFew, colors }} />}
        {figure.caption.join(' ')}
        {scene.view.length === 1 && paths.length > 1 && isFew && ` ${liftedText}`}
        {paths.some(({ end }) => end === 'undecided') && ` ${undecidedText}`} {children}
      </figcaption>
    </figure>
  )
}

interface ColoredPaths extends Pick<LandscapeProps, 'paths'> {
  readonly isFew: boolean
  /** The colour of each path. */
  readonly colors: readonly string[]
}

function PathKey({ paths, isFew, colors }: ColoredPaths) {
  const textOf = ({ trial, end, escapedAt }: Path): string => {
    const outcome = end === 'cut' ? 'drawn in part' : end
    if (!isFew) return `${paths.filter((path) => path.end === end).length} ${outcome}`
    return `trial ${trial}: ${outcome}${end === 'escaped' ? ` at step ${escapedAt}` : ''}`
  }
  return (
    <span className="key">
      {[...new Map(paths.map((path, at) => [textOf(path), colors[at]]))].map(([text, background]) => (
        <span key={text}>
          <span className="swatch" style={{ background }} aria-hidden="true" /> {text}
        </span>
      ))}
    </span>
  )
}

interface PathsProps extends ColoredPaths, Pick<LandscapeProps, 'scene'> {
  readonly frame: Frame
  readonly step: number
}

const trailOfMany = 12

function Paths({ scene, frame, paths, isFew, colors, step }: PathsProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useFigureTheme()
  useEffect(() => {
    const { width, height, x, y } = frame
    const context = contextOf(canvas.current, width, height)
    if (context === null) return
    const isMap = scene.view.length === 2
    const share = ([low, high]: readonly [number, number], value: number): number => (value - low) / (high - low)
    const isWhole = isStill()
    paths.forEach(({ points }, place) => {
      const shown = indexAt(points, step)
      const last = points[shown]
      if (last === undefined) return
      const raised = !isMap && isFew ? lift * (place + 1) : 0
      const position = ({ theta, loss }: Path['points'][number]) =>
        [share(x!, theta[0]!) * width, (1 - share(y!, isMap ? theta[1]! : loss)) * height - raised] as const
      context.strokeStyle = context.fillStyle = inTheme(colors[place]!, theme)
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
      context.strokeStyle = palette[theme].paper
      context.lineWidth = 1
      context.stroke()
    })
  }, [scene, frame, paths, isFew, colors, step, theme])
  const { left, top, width, height } = frame
  return <canvas ref={canvas} style={{ left, top, width, height }} />
}

/** The index of the last point of a path up to a step. All points but the last are equally spaced. */
function indexAt(points: Path['points'], step: number): number {
  const last = points.length - 1
  if (last < 1 || step >= points[last]!.n) return last
  return Math.min(last, Math.floor(step / (points[1]!.n - points[0]!.n)))
}
