import type { FitData } from '../document/fit.ts'
import { valueAxis } from '../figure/axis.ts'
import type { Figure } from '../figure/figure.ts'
import {
  chosen,
  fitAxis,
  fitOf,
  headOf,
  maxFits,
  notDrawn,
  ordered,
  pointsOf,
  seriesOf,
  xAxis,
} from '../figure/fitModel.ts'
import { lineLayer, pointsLayer } from '../figure/layer.ts'
import type { FigureTerm } from '../figure/term.ts'

export const residuals: FigureTerm = {
  options: ['by', 'where', 'fit'],
  howToRead:
    'Each point shows how far a cell is from the fit, in standard deviations. If the fit is good, the points form no ' +
    'pattern, and about one cell in twenty is beyond the outer lines.',
  ofSweep: async (query) => residualsFigure(await fitOf(query)),
}

/** If the residuals are standard normal, only one in 370 is beyond ±3. */
const farOff = 3

export function residualsFigure(data: FitData): Figure {
  const axis = fitAxis(data)
  const drawn = data.fits.slice(0, maxFits)
  const cells = drawn.flatMap((fit) => fit.cells)
  const far = cells.filter(({ residual }) => Math.abs(residual) > farOff).length
  const x = xAxis(axis, drawn)
  const rule = (y: number, text: string) =>
    lineLayer(
      null,
      'reference',
      x.domain!.map((place) => ({ x: place, y })),
      text,
    )
  return {
    ...headOf(data, 'residuals', `${data.sweep.name}: residuals of ${data.formula}`),
    x,
    y: valueAxis('residual (standard deviations)', [-farOff, farOff, ...cells.map(({ residual }) => residual)], {
      log: false,
    }),
    layers: [
      rule(0, 'equal to the fit'),
      rule(2, 'two standard deviations above the fit'),
      rule(-2, 'two standard deviations below the fit'),
      ...drawn.map((fit) => {
        const residuals = ordered(fit, axis).map(({ residual }) => residual)
        const points = pointsOf(data, fit, axis)
        return pointsLayer(
          seriesOf(fit),
          points.map((point, at) => ({ ...point, y: residuals[at]!, low: null, high: null, limit: null })),
        )
      }),
    ],
    caption: [
      ...chosen(data),
      `${
        drawn[0]!.family === 'normal'
          ? 'Residuals: (observed - fitted) / standard error'
          : 'Residuals: signed square root of the deviance of each cell'
      }. They are approximately standard normal if the model fits. Dashed lines: 0 and ±2 standard deviations.`,
      `Beyond ±${farOff} standard deviations: ${far} of ${cells.length} cells.`,
      ...notDrawn(data),
    ],
  }
}
