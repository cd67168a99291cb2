import type { FitData } from '../document/fit.ts'
import { csvLine } from './csv.ts'

export function coefficientRecords({ by, fits }: FitData): Readonly<Record<string, unknown>>[] {
  return fits.flatMap((fit) =>
    fit.coefficients.map(({ name, value, low, high, error }) => {
      const barrier = fit.barrier?.term === name ? fit.barrier : null
      return {
        ...(by === null ? {} : { [by]: fit.at }),
        term: name,
        value,
        low,
        high,
        error,
        confidence: fit.confidence,
        barrier: barrier?.value ?? null,
        'barrier.low': barrier?.low ?? null,
        'barrier.high': barrier?.high ?? null,
        'barrier.theory': barrier?.theory.barrier ?? null,
        method: fit.method,
        family: fit.family,
        cells: fit.cells.length,
        deviance: fit.deviance,
        expected: fit.expected,
        freedom: fit.freedom,
        pValue: fit.pValue,
        dispersion: fit.dispersion,
        scale: fit.scale,
      }
    }),
  )
}

export function residualRecords({ by, terms, fits }: FitData): Readonly<Record<string, unknown>>[] {
  const paths = [...new Set(fits.flatMap(({ cells }) => cells.flatMap(({ params }) => Object.keys(params))))]
  return fits.flatMap((fit) =>
    fit.cells.map(({ index, params, x, events, exposure, observed, low, high, fitted, residual }) => ({
      ...(by === null || paths.includes(by) ? {} : { [by]: fit.at }),
      cell: index,
      ...Object.fromEntries(paths.map((path) => [path, params[path] ?? null])),
      ...Object.fromEntries(terms.flatMap((term, at) => (paths.includes(term) ? [] : [[term, x[at]]]))),
      events,
      exposure,
      observed,
      low,
      high,
      fitted,
      residual,
    })),
  )
}

/** All records must have the same keys. */
export function recordsCsv(records: readonly Readonly<Record<string, unknown>>[]): string {
  const columns = Object.keys(records[0] ?? {})
  return csvLine(columns) + records.map((record) => csvLine(columns.map((name) => record[name] ?? ''))).join('')
}
