import type { FitData, OneFit } from '../document/fit.ts'
import { freedomText, pValueText, theoriesOf, titleOf } from '../document/fitTable.ts'
import { finite, valueAxis } from '../figure/axis.ts'
import type { Figure } from '../figure/figure.ts'
import { figureOfFits, fitOf, pointsOf, seriesOf } from '../figure/fitModel.ts'
import { bandLayer, lineLayer, pointsLayer } from '../figure/layer.ts'
import type { FigureTerm } from '../figure/term.ts'
import { limitSentences, quantityOf } from '../figure/words.ts'
import { mergeStatements } from '../format/mergeStatements.ts'
import { confidenceText, parameterText } from '../format/quantity.ts'
import { sentenceOf, texts } from '../format/text.ts'

export const fit: FigureTerm = {
  label: 'fit of a formula',
  options: ['by', 'where', 'fit'],
  howToRead:
    'Each point is a cell with its own interval. The line is the fit, and the band shows its pointwise confidence ' +
    'limits.',
  ofSweep: async (query) => fitFigure(await fitOf(query)),
}

/** Draws the cells of each fit, the fitted curve, and a band of pointwise confidence limits. */
export function fitFigure(data: FitData): Figure {
  const { link, estimate, formula } = data
  const quantity = quantityOf(estimate)
  return figureOfFits(data, 'fit', formula, (fits, axis) => {
    const drawn = fits.map((fit) => {
      const curve = axis.curveOf(fit)
      const points = pointsOf(data, fit, axis, ({ observed, low, high }) => ({
        y: observed,
        low: finite(low),
        high: finite(high),
        limit: observed === 0 ? 'upper' : null,
      }))
      const band = curve.flatMap(({ x, low, high }) => (low === null || high === null ? [] : [{ x, low, high }]))
      return { series: seriesOf(fit), line: curve.map(({ x, y }) => ({ x, y })), points, band }
    })
    const points = drawn.flatMap((each) => each.points)
    const extent = drawn.flatMap((each) => [
      // Far beyond all cells, the curve of a probability would take most of the axis.
      ...(link === 'log' ? [] : each.line.map(({ y }) => y)),
      ...each.points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]),
    ])
    return {
      y: valueAxis(quantity.label, extent, {
        log: link === 'log',
        within: quantity.isShare && link !== 'log' ? [0, 1] : undefined,
      }),
      layers: drawn.flatMap(({ series, line, points, band }) => [
        ...(band.length === 0 ? [] : [bandLayer(series, 'fit', band, `${formula} · limits`)]),
        lineLayer(series, 'fit', line, formula),
        pointsLayer(series, points),
      ]),
      caption: texts(
        fits.flatMap((fit) => sentencesOf(data, fit)),
        mergeStatements(theoriesOf(fits), titleOf(data), fits.length).map(sentenceOf),
        drawn.some(({ band }) => band.length > 0) &&
          'Band: pointwise confidence limits of the fitted value, from the covariance of the coefficients.',
        axis.isFitted &&
          'On the line, the observed value equals the fitted value. The formula has several variables, so the ' +
            `horizontal axis shows the fitted ${estimate}.`,
        limitSentences(points, 'arrows'),
      ),
    }
  })
}

function sentencesOf(data: FitData, fit: OneFit): string[] {
  const { at, coefficients, confidence, family, barrier, temperature, freedom } = fit
  const place = at === null ? null : `${titleOf(data)} ${seriesOf(fit)}`
  const told = coefficients.map((each) => `${each.name} ${parameterText(each).join(' ')}`).join(', ')
  const how = family === 'normal' ? 'by weighted least squares' : `by maximum likelihood for the ${family} family`
  return texts(
    `${place ?? 'Coefficients'}: ${told} (${confidenceText(confidence, 4)} intervals, ${how}).`,
    barrier &&
      `${place === null ? 'Effective' : `${place}: effective`} barrier ${parameterText(barrier).join(' ')}, ` +
        `from the coefficient of ${barrier.term}.`,
    fit.pValue !== null &&
      at === null &&
      `Deviance ${Number(fit.deviance.toPrecision(3))} with ${freedomText(freedom)}, ${pValueText(fit.pValue)}.`,
    temperature !== null && at === null && sentenceOf(temperature.text),
  )
}
