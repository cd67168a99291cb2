import { type Figure, howToRead } from '@driftfarm/report'
import { drawingOf } from '@driftfarm/report/drawing'
import { make, marked } from './make.ts'

const figures = new WeakMap<Element, Figure>()

/** A figure with its caption, which `drawFigures` draws. */
export function figurePlace(figure: Figure): HTMLElement {
  const drawing = make('div', { className: 'drawing' })
  figures.set(drawing, figure)
  const reading = make('details', {}, make('summary', {}, 'How to read this figure'), howToRead(figure.figure))
  return make('figure', {}, drawing, make('figcaption', {}, ...marked(figure.caption.join(' ')), reading))
}

/** Draws all figures below an element. The width is in pixels. */
export function drawFigures(below: Element, width: number): void {
  for (const place of below.querySelectorAll('.drawing'))
    place.innerHTML = drawingOf({ ...figures.get(place)!, caption: [] }, { document, theme: 'page', width }).svg
}
