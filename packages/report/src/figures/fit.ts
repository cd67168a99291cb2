import type { FitData, OneFit } from '../document/fit.ts'
import { valueAxis } from '../figure/axis.ts'
import type { Figure, Layer } from '../figure/figure.ts'
import {
  chosen,
  fitAxis,
  fitOf,
  headOf,
  maxFits,
  notDrawn,
  pointsOf,
  sentence,
  seriesOf,
  titleOf,
  xAxis,
} from '../figure/fitModel.ts'
import { bandLayer, lineLayer, pointsLayer } from '../figure/layer.ts'
import type { FigureTerm } from '../figure/term.ts'
import { quantityOf, upperLimitsSentence } from '../figure/words.ts'
import { mergeStatements } from '../format/mergeStatements.ts'
import { confidenceText, parameterText } from '../format/quantity.ts'
import { texts } from '../format/text.ts'

export const fit: FigureTerm = {
  options: ['by', 'where', 'fit'],
  howToRead:
    'Each point is a cell with its own interval. The line is the fit, and the band shows its pointwise confidence ' +
    'limits.',
  ofSweep: async (query) => fitFigure(await fitOf(query)),
}

/** Draws the cells of each fit, the fitted curve, and a band of pointwise confidence limits. */
export function fitFigure(data: FitData): Figure {
  const { link, estimate } = data
  const quantity = quantityOf(estimate)
  const axis = fitAxis(data)
  const drawn = data.fits.slice(0, maxFits)
  const layers = drawn.flatMap((fit): Layer[] => {
    const curve = axis.curveOf(fit)
    const series = seriesOf(fit)
    const limited = curve.flatMap(({ x, low, high }) => (low === null || high === null ? [] : [{ x, low, high }]))
    return [
      ...(limited.length === 0 ? [] : [bandLayer(series, 'fit', limited, `${data.formula} · limits`)]),
      lineLayer(
        series,
        'fit',
        curve.map(({ x, y }) => ({ x, y })),
        data.formula,
      ),
      pointsLayer(series, pointsOf(data, fit, axis)),
    ]
  })
  const extent = layers.flatMap((layer) =>
    layer.type === 'points'
      ? layer.points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y])
      : layer.type === 'line'
        ? layer.points.map(({ y }) => y)
        : [],
  )
  const points = layers.flatMap((layer) => (layer.type === 'points' ? layer.points : []))
  return {
    ...headOf(data, 'fit', `${data.sweep.name}: ${data.formula}`),
    x: xAxis(axis, drawn),
    y: valueAxis(quantity.label, extent, {
      log: link === 'log',
      within: quantity.isShare && link !== 'log' ? [0, 1] : undefined,
    }),
    layers,
    caption: texts(
      chosen(data),
      drawn.flatMap((fit) => sentencesOf(data, fit)),
      barrierTheorySentences(data, drawn),
      layers.some(({ type }) => type === 'band') &&
        'Band: pointwise confidence limits of the fitted value, from the covariance of the coefficients.',
      axis.isFitted &&
        'On the line, the observed value equals the fitted value. The formula has several variables, so the ' +
          `horizontal axis shows the fitted ${estimate}.`,
      link === 'log' && upperLimitsSentence(points),
      notDrawn(data),
    ),
  }
}

function barrierTheorySentences({ by }: FitData, fits: readonly OneFit[]): string[] {
  const said = fits.flatMap(({ at, barrier }) =>
    barrier === null ? [] : [{ at: at ?? '', text: barrier.theory.text }],
  )
  return mergeStatements(said, by === null ? '' : titleOf(by), fits.length).map((each) => `${sentence(each)}.`)
}

function sentencesOf({ by }: FitData, fit: OneFit): string[] {
  const { at, coefficients, confidence, family, barrier, temperature, freedom } = fit
  const place = at === null ? null : `${by === null ? '' : `${titleOf(by)} `}${at}`
  const told = coefficients.map((each) => `${each.name} ${parameterText(each).join(' ')}`).join(', ')
  const how = family === 'normal' ? 'by weighted least squares' : `by maximum likelihood for the ${family} family`
  return texts(
    `${place ?? 'Coefficients'}: ${told} (${confidenceText(confidence, 4)} intervals, ${how}).`,
    barrier &&
      `${place === null ? 'Effective' : `${place}: effective`} barrier ${parameterText(barrier).join(' ')}, ` +
        `from the coefficient of ${barrier.term}.`,
    fit.pValue !== null &&
      at === null &&
      `Deviance ${Number(fit.deviance.toPrecision(3))} with ${Number(freedom.toPrecision(3))} ` +
        `${freedom === 1 ? 'degree' : 'degrees'} of freedom, p = ${Number(fit.pValue.toPrecision(2))}.`,
    temperature !== null && at === null && `${sentence(temperature.text)}.`,
  )
}
