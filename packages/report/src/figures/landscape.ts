import type { Figure } from '../figure/figure.ts'
import { groundOf, type LandscapeScene, marksOf } from '../figure/ground.ts'
import { figureFromParts } from '../figure/layer.ts'
import type { FigureTerm } from '../figure/term.ts'
import { texts } from '../format/text.ts'

export const landscape: FigureTerm = {
  label: 'loss surface',
  options: [],
  howToRead: 'The figure shows the loss. On a map, darker colours show lower losses.',
}

/** Draws the loss as a graph over one coordinate, or as a map over two. */
export function landscapeFigure(scene: LandscapeScene): Figure {
  const { x, y, layers } = groundOf(scene)
  return figureFromParts({
    figure: 'landscape',
    title: scene.title,
    sweep: null,
    x,
    y,
    layers: [...layers, ...marksOf(scene)],
    caption: texts(
      scene.sentences,
      layers.some(({ type }) => type === 'surface') &&
        'The colour bands cover equal areas, so that both flat and steep regions are visible.',
    ),
  })
}
