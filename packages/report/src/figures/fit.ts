import { extentOf } from '@driftfarm/statistics'
import type { FitData, OneFit } from '../document/fit.ts'
import { paramTitles } from '../format/label.ts'
import { mergeStatements } from '../format/mergeStatements.ts'
import { parameterText } from '../format/quantity.ts'
import { valueAxis, withMargin } from './axis.ts'
import type { Axis, Figure, Layer, Point } from './figure.ts'
import { type FitAxis, fitAxis } from './fitModel.ts'
import { quantityOf } from './words.ts'

/** Maximum number of fits in a figure; more could not be distinguished. */
const maxFits = 8
/** If the residuals are standard normal, only one in 370 is beyond ±3. */
const farOff = 3

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
      ...(limited.length === 0
        ? []
        : ([
            { type: 'band', series, role: 'fit', steps: false, points: limited, text: `${data.formula} · limits` },
          ] as const)),
      {
        type: 'line',
        series,
        role: 'fit',
        steps: false,
        points: curve.map(({ x, y }) => ({ x, y })),
        text: data.formula,
      },
      { type: 'points', series, joined: false, points: pointsOf(data, fit, axis) },
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
      ...(quantity.isShare && link !== 'log' ? { within: [0, 1] as const } : {}),
    }),
    layers,
    caption: [
      ...chosen(data),
      ...drawn.flatMap((fit) => sentencesOf(data, fit)),
      ...barrierTheorySentences(data, drawn),
      ...(layers.some(({ type }) => type === 'band')
        ? ['Band: pointwise confidence limits of the fitted value, from the covariance of the coefficients.']
        : []),
      ...(axis.isFitted
        ? [
            'On the line, the observed value equals the fitted value. The formula has several variables, so the ' +
              `horizontal axis shows the fitted ${estimate}.`,
          ]
        : []),
      ...(link === 'log' && points.some(({ y }) => y === 0)
        ? ['A downward arrow marks an upper limit: no event was observed.']
        : []),
      ...notDrawn(data),
    ],
  }
}

export function residualsFigure(data: FitData): Figure {
  const axis = fitAxis(data)
  const drawn = data.fits.slice(0, maxFits)
  const cells = drawn.flatMap((fit) => fit.cells)
  const far = cells.filter(({ residual }) => Math.abs(residual) > farOff).length
  const x = xAxis(axis, drawn)
  const rule = (y: number, text: string): Layer => ({
    type: 'line',
    series: null,
    role: 'reference',
    steps: false,
    points: x.domain!.map((place) => ({ x: place, y })),
    text,
  })
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
      ...drawn.map((fit): Layer => {
        const points = pointsOf(data, fit, axis)
        return {
          type: 'points',
          series: seriesOf(fit),
          joined: false,
          points: points.map((point, at) => ({
            ...point,
            y: ordered(fit, axis)[at]!.residual,
            low: null,
            high: null,
            limit: null,
          })),
        }
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

type Head = Pick<Figure, 'figure' | 'title' | 'sweep' | 'of' | 'color' | 'seriesTitle' | 'series'>

function headOf({ estimate, by, fits }: FitData, figure: 'fit' | 'residuals', title: string): Head {
  return {
    figure,
    title,
    sweep: null,
    of: estimate,
    color: null,
    seriesTitle: by === null ? null : titleOf(by),
    series: fits.slice(0, maxFits).flatMap((fit) => seriesOf(fit) ?? []),
  }
}

const titleOf = (path: string): string => paramTitles([path])[0]!

const seriesOf = ({ at }: OneFit): string | null => (at === null ? null : String(at))

const ordered = ({ cells }: OneFit, { placeOf }: FitAxis): OneFit['cells'] =>
  cells.toSorted((a, b) => placeOf(a) - placeOf(b))

function pointsOf({ terms, estimate }: FitData, fit: OneFit, axis: FitAxis): Point[] {
  const short = (value: number) => Number(value.toPrecision(6))
  return ordered(fit, axis).map((cell) => ({
    cell: cell.index,
    x: axis.placeOf(cell),
    y: cell.observed,
    low: typeof cell.low === 'number' ? cell.low : null,
    high: typeof cell.high === 'number' ? cell.high : null,
    limit: cell.observed === 0 ? ('upper' as const) : null,
    doubt: null,
    text:
      `cell ${cell.index} · ${terms.map((term, at) => `${term} ${short(cell.x[at]!)}`).join(', ')} · ` +
      `${estimate} ${Number(cell.observed.toPrecision(4))} · events ${cell.events}, exposure ${cell.exposure} · ` +
      `residual ${cell.residual.toFixed(2)}`,
  }))
}

function xAxis({ label, isLog, placeOf }: FitAxis, fits: readonly OneFit[]): Axis {
  const values = fits.flatMap(({ cells }) => cells.map(placeOf))
  return withMargin({
    label,
    scale: isLog ? 'log' : 'linear',
    domain: extentOf(values),
    categories: null,
    ticks: null,
    path: null,
  })
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
  const percent = `${Number((confidence * 100).toPrecision(4))} %`
  const told = coefficients.map((each) => `${each.name} ${parameterText(each).join(' ')}`).join(', ')
  const how = family === 'normal' ? 'by weighted least squares' : `by maximum likelihood for the ${family} family`
  return [
    `${place ?? 'Coefficients'}: ${told} (${percent} intervals, ${how}).`,
    ...(barrier === null
      ? []
      : [
          `${place === null ? 'Effective' : `${place}: effective`} barrier ${parameterText(barrier).join(' ')}, ` +
            `from the coefficient of ${barrier.term}.`,
        ]),
    ...(fit.pValue === null || at !== null
      ? []
      : [
          `Deviance ${Number(fit.deviance.toPrecision(3))} with ${Number(freedom.toPrecision(3))} ` +
            `${freedom === 1 ? 'degree' : 'degrees'} of freedom, p = ${Number(fit.pValue.toPrecision(2))}.`,
        ]),
    ...(temperature === null || at !== null ? [] : [`${sentence(temperature.text)}.`]),
  ]
}

const chosen = ({ where }: FitData): string[] => (where === null ? [] : [`Only cells that match ${where} are fitted.`])

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '')

function notDrawn({ fits, refused, by }: FitData): string[] {
  return [
    ...(fits.length > maxFits
      ? [
          `Only the first ${maxFits} of ${fits.length} values of ${titleOf(by!)} are drawn; ` +
            'choose other values with --where.',
        ]
      : []),
    ...mergeStatements(
      refused.map(({ at, why }) => ({ at, text: `no fit: ${why}` })),
      by === null ? '' : titleOf(by),
      fits.length + refused.length,
    ).map((each) => `${sentence(each)}.`),
  ]
}
