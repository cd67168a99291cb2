import { type Figure, figureCsv, type SweepFigure } from '@driftfarm/report'
import type { Frame } from '@driftfarm/report/drawing'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useDocumentOrigin } from '../live/documentOrigin.tsx'
import { Button, Check, SameCommand, saved } from './controls.tsx'
import { DownloadLink } from './DownloadLink.tsx'
import { commandText, shortId } from './format.ts'
import { Doing, Failure } from './states.tsx'
import { useWidth } from './useWidth.ts'

interface DrawingProps {
  readonly figure: Figure
  /** In pixels. If it is given, the title is left out. */
  readonly maxHeight?: number
  /** Called after each drawing, with the place of its axes. */
  onFrame?(frame: Frame): void
}

/** A figure without its caption. */
export function Drawing({ figure, maxHeight, onFrame }: DrawingProps) {
  const place = useRef<HTMLDivElement>(null)
  // Rounded, so that a figure is not drawn again at every pixel while a window is resized.
  const width = Math.floor(useWidth(place) / 20) * 20
  useEffect(() => {
    if (width === 0) return
    let gone = false
    void import('./drawing.ts').then(({ drawn }) => {
      if (gone || place.current === null) return
      const { svg, frame } = drawn(figure, Math.max(240, Math.min(1200, width)), maxHeight)
      place.current.innerHTML = svg
      onFrame?.(frame)
    })
    return () => {
      gone = true
    }
  }, [figure, width, maxHeight, onFrame])
  return <div ref={place} className="drawing" />
}

interface SweepFigureProps {
  /** The figure is drawn again when `renewedBy` changes. */
  readonly sweep: { readonly id: string; readonly renewedBy: unknown }
  readonly request: SweepFigure
  onFigure?(figure: Figure | undefined): void
}

/** A figure of a sweep, with its files. */
export function SweepFigureView({ sweep: { id, renewedBy }, request, onFigure }: SweepFigureProps) {
  const { source } = useDocumentOrigin()
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    queryKey: ['figure', id, request, renewedBy],
    queryFn: () => source.figure(id, request),
    placeholderData: (before) => before,
    staleTime: 10_000,
  })
  useEffect(() => onFigure?.(isPlaceholderData ? undefined : data), [data, isPlaceholderData, onFigure])
  if (error !== null) {
    // The hints of these errors name options of the command line.
    const { message, code } = error as Error & { code?: string }
    if (code === 'NOTHING_TO_DRAW') return <p className="empty">No figure: {message}.</p>
    return <Failure error={{ message }} again={() => void refetch()} />
  }
  return (
    <>
      {isFetching && <Doing>Drawing …</Doing>}
      {data !== undefined && (
        <FigureView figure={data} command={commandText(['figure', shortId(id)], request)} request={request} />
      )}
    </>
  )
}

interface FigureViewProps {
  readonly figure: Figure
  readonly command: string
  /** The request, if the farm can draw the figure of a sweep again. */
  readonly request?: SweepFigure | undefined
}

export const FigureView = ({ figure, command, request }: FigureViewProps) => (
  <figure className="figure">
    <Drawing figure={figure} />
    <figcaption>
      {figure.caption.map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
      <FigureFiles figure={figure} request={request} />
      <SameCommand text={command} />
    </figcaption>
  </figure>
)

function FigureFiles({ figure, request }: Omit<FigureViewProps, 'command'>) {
  const { isFarm } = useDocumentOrigin()
  const [plain, setPlain] = useState(false)
  const { sweep, figure: kind } = figure
  const name = `${sweep === null ? '' : `${sweep.name}-`}${kind}`
  const { kind: _, ...options } = request ?? {}
  // The same program draws these files for the command line, always with the same fonts.
  const made = isFarm && request !== undefined && sweep !== null
  const file = (format: string, type: string, content: () => string | Promise<string | Blob>) => (
    <Button
      label={format.toUpperCase()}
      small
      onClick={async () => saved(`${name}.${format}`, type, await content())}
    />
  )
  const link = (format: string) => (
    <DownloadLink
      key={format}
      label={format.toUpperCase()}
      name={`${name}.${format}`}
      path={`/sweeps/${sweep!.id}/figures/${kind}.${format}`}
      options={{ ...options, plain: plain || undefined }}
    />
  )
  return (
    <div className="tools" role="toolbar" aria-label="Download the figure">
      <span>Download</span>
      {file('svg', 'image/svg+xml', async () => (await import('./drawing.ts')).asFile(figure, plain))}
      {made
        ? ['png', 'pdf'].map(link)
        : file('png', 'image/png', async () => (await import('./drawing.ts')).asPng(figure, plain))}
      {file('csv', 'text/csv', () => figureCsv(figure))}
      {file('json', 'application/json', () => JSON.stringify(figure, null, 2))}
      <Check label="without title and caption" checked={plain} toggle={() => setPlain(!plain)} />
    </div>
  )
}
