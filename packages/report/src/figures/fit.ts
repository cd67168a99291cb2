import type { FitData } from '../document/fit.ts'
import { estimateText } from '../table/digits.ts'
import { valueAxis } from './axes.ts'
import type { Figure, Layer } from './figure.ts'
import { quantityOf } from './words.ts'

/** The cells of a fit, the fitted line, and the band of its limits. */
export function fitFigure(fit: FitData): Figure {
  const { sweep, cells, link, against, estimate, slope, confidence, family } = fit
  const quantity = quantityOf(estimate)
  const log = link === 'log'
  const ordered = cells.toSorted((a, b) => a.x - b.x)
  const points = ordered.map(({ index, x, observed, events, exposure, residual }) => ({
    cell: index,
    x,
    y: observed,
    low: null,
    high: null,
    limit: observed === 0 ? ('upper' as const) : null,
    doubt: null,
    text:
      `cell ${index} · ${against} ${Number(x.toPrecision(6))} · ${estimate} ${Number(observed.toPrecision(4))} · ` +
      `${events} events over ${exposure} · residual ${residual.toFixed(2)}`,
  }))
  const line: Layer = {
    type: 'line',
    series: null,
    role: 'fit',
    steps: false,
    points: ordered.map(({ x, fitted }) => ({ x, y: fitted })),
    text: fit.formula,
  }
  const [low, high] = [ordered[0]!.x, ordered.at(-1)!.x]
  const air = high > low ? 0.04 * (high - low) : Math.abs(low) * 0.1 || 1
  return {
    figure: 'fit',
    title: `${sweep.name}: ${fit.formula}`,
    sweep: null,
    of: estimate,
    x: { label: against, scale: 'linear', domain: [low - air, high + air], categories: null, ticks: null, path: null },
    y: valueAxis(quantity.label, [...points.map(({ y }) => y), ...ordered.map(({ fitted }) => fitted)], { log }),
    color: null,
    seriesTitle: null,
    series: [],
    layers: [line, { type: 'points', series: null, joined: false, points }],
    caption: [
      `Line: slope ${parameterText(slope)} at ${Number((confidence * 100).toPrecision(4))} %, by maximum likelihood ` +
        `(${family}).`,
      ...(fit.pValue === null
        ? []
        : [
            `Deviance ${Number(fit.deviance.toPrecision(3))} at ${fit.freedom} degrees of freedom, p = ` +
              `${Number(fit.pValue.toPrecision(2))}.`,
          ]),
      ...(fit.temperature === null ? [] : [`${fit.temperature.text.replace(/\.$/, '')}.`]),
    ],
  }
}

function parameterText({ value, low, high }: FitData['slope']): string {
  if (typeof value === 'string' || typeof low === 'string' || typeof high === 'string') return String(value)
  const { value: text, interval } = estimateText({ value, low, high })
  return `${text} ${interval}`
}
