import type { FitData } from '../document/fit.ts'
import { valueAxis } from '../figure/axis.ts'
import type { Figure } from '../figure/figure.ts'
import { figureOfFits, fitOf, pointsOf, seriesOf } from '../figure/fitModel.ts'
import { lineLayer, pointsLayer } from '../figure/layer.ts'
import type { FigureTerm } from '../figure/term.ts'

export const residuals: FigureTerm = {
  label: 'residuals of a fit',
  options: ['by', 'where', 'fit'],
  howToRead:
    'Each point shows how far a cell is from the fit, in standard deviations. If the fit is good, the points form no ' +
    'pattern, and about one cell in twenty is beyond the outer lines.',
  ofSweep: async (query) => residualsFigure(await fitOf(query)),
}

/** If the residuals are standard normal, only one in 370 is beyond ±3. */
const farOff = 3

export function residualsFigure(data: FitData): Figure {
  return figureOfFits(data, 'residuals', `residuals of ${data.formula}`, (fits, axis, x) => {
    const all = fits.flatMap(({ cells }) => cells.map(({ residual }) => residual))
    const far = all.filter((residual) => Math.abs(residual) > farOff).length
    const rule = (y: number, text: string) => {
      const points = x.domain!.map((place) => ({ x: place, y }))
      return lineLayer(null, 'reference', points, text)
    }
    const heightOf = ({ residual }: { readonly residual: number }) =>
      ({ y: residual, low: null, high: null, limit: null }) as const
    return {
      y: valueAxis('residual (standard deviations)', [-farOff, farOff, ...all], { log: false }),
      layers: [
        rule(0, 'equal to the fit'),
        rule(2, 'two standard deviations from the fit'),
        rule(-2, 'two standard deviations from the fit'),
        ...fits.map((fit) => pointsLayer(seriesOf(fit), pointsOf(data, fit, axis, heightOf))),
      ],
      caption: [
        `${
          fits[0]!.family === 'normal'
            ? 'Residuals: (observed - fitted) / standard error'
            : 'Residuals: signed square root of the deviance of each cell'
        }. They are approximately standard normal if the model fits. Dashed lines: 0 and ±2 standard deviations.`,
        `Beyond ±${farOff} standard deviations: ${far} of ${all.length} cells.`,
      ],
    }
  })
}
