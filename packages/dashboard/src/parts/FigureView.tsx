import type { Figure } from '@driftfarm/report'
import { useEffect, useRef, useState } from 'react'
import { Copy } from './controls.tsx'
import { saved } from './save.ts'

interface Props {
  readonly figure: Figure
  readonly command: string | null
}

export function FigureView({ figure, command }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry!.contentRect.width / 20) * 20))
    observer.observe(place.current!)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    if (width === 0) return
    let gone = false
    void import('./drawing.ts').then(({ drawn }) => {
      if (!gone && place.current !== null) place.current.innerHTML = drawn(figure, Math.max(320, Math.min(1200, width)))
    })
    return () => {
      gone = true
    }
  }, [figure, width])
  const save = async (): Promise<void> => {
    const { asFile } = await import('./drawing.ts')
    saved(`${figure.figure}.svg`, 'image/svg+xml', asFile(figure))
  }
  return (
    <figure className="figure">
      <div ref={place} className="drawing" />
      <figcaption>
        {figure.caption.map((sentence) => (
          <span key={sentence}>{sentence} </span>
        ))}
        <div className="tools">
          {command === null ? null : <Copy text={command} />}
          <button type="button" className="small" onClick={save}>
            Save as SVG
          </button>
          <button
            type="button"
            className="small"
            onClick={() => saved(`${figure.figure}.json`, 'application/json', JSON.stringify(figure, null, 2))}
          >
            Save data as JSON
          </button>
        </div>
      </figcaption>
    </figure>
  )
}
