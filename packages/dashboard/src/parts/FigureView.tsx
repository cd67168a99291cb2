import type { Figure } from '@driftfarm/report'
import { useEffect, useRef } from 'react'
import { Button, Copy, saved } from './controls.tsx'
import { useWidth } from './useWidth.ts'

/** A figure without its caption. */
export function Drawing({ figure }: { readonly figure: Figure }) {
  const place = useRef<HTMLDivElement>(null)
  // Rounded, so that a figure is not drawn again at every pixel while a window is resized.
  const width = Math.round(useWidth(place) / 20) * 20
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
  return <div ref={place} className="drawing" />
}

export function FigureView({ figure, command }: { readonly figure: Figure; readonly command: string }) {
  const save = async (): Promise<void> => {
    const { asFile } = await import('./drawing.ts')
    saved(`${figure.figure}.svg`, 'image/svg+xml', asFile(figure))
  }
  return (
    <figure className="figure">
      <Drawing figure={figure} />
      <figcaption>
        {figure.caption.map((sentence) => (
          <span key={sentence}>{sentence} </span>
        ))}
        <div className="tools">
          <Copy text={command} />
          <Button label="Save as SVG" small onClick={save} />
          <Button
            small
            onClick={() => saved(`${figure.figure}.json`, 'application/json', JSON.stringify(figure, null, 2))}
            label="Save data as JSON"
          />
        </div>
      </figcaption>
    </figure>
  )
}
