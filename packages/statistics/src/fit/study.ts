import { checkNames, compileScalar, freeNames } from '@driftfarm/formula'
import { kindNamed, parseEstimate } from '@driftfarm/spec'
import { entryOfKind } from '../cell/estimates.ts'
import { StatisticsError } from '../error.ts'
import type { Estimate } from '../evidence/estimate.ts'
import type { Family } from '../evidence/evidence.ts'
import type { CellCount } from './family.ts'
import { cellsListed, type Fit } from './fit.ts'
import { fitCells } from './fitCells.ts'
import { type CellValue, fitValues } from './fitValues.ts'
import { type FitFormula, type FitTerm, formulaError } from './formula.ts'
import type { SharedNoise } from './sharedNoise.ts'

export interface StudiedCell {
  readonly index: number
  /** Two cells of a sweep with the same id have the same trials. */
  readonly id: string
  /** Values of the swept paths. */
  readonly params: Readonly<Record<string, unknown>>
  readonly trials: number
  readonly estimates: Readonly<Record<string, Estimate>>
  /** Absent if the trials of the cell have independent noise. */
  readonly noise?: SharedNoise | undefined
}

export interface Study {
  readonly fit: Fit
  /** Indices of the fitted cells, in the order of `fit.cells`. */
  readonly indices: readonly number[]
  readonly leftOut: readonly { readonly index: number; readonly why: string }[]
}

/**
 * All cells must have the same method. Names on the right side of the formula are the last parts of swept paths. If
 * cells cannot be used, throws a StatisticsError that lists these cells.
 */
export function fitStudy(cells: readonly StudiedCell[], formula: FitFormula, confidence: number): Study {
  const there = cells.filter(({ trials }) => trials > 0)
  const regressors = formula.terms.map((term) => regressorOf(cells, term))
  const xs = new Map(there.map((cell) => [cell, regressors.map((xOf) => xOf(cell))]))
  for (const [at, { text }] of formula.terms.entries())
    refuse(
      there.filter((cell) => !Number.isFinite(xs.get(cell)![at])),
      `${text} is not a finite number`,
      'choose another expression, or sweep other values',
    )
  const firsts = new Map<string, StudiedCell>()
  for (const cell of there) if (!firsts.has(cell.id)) firsts.set(cell.id, cell)
  const repeated = there.filter((cell) => firsts.get(cell.id) !== cell)
  refuse(
    repeated.filter((cell) => String(xs.get(cell)) !== String(xs.get(firsts.get(cell.id)!))),
    'another cell has the same id, and so the same trials, but the terms of the formula differ',
    'in the formula, use only swept names that change the trials',
  )
  const used = [...firsts.values()]
  const estimates = new Map(used.map((cell) => [cell, estimateOf(cell, used, formula.estimate)]))
  const hasSpread = (cell: StudiedCell): boolean => {
    const { value, replicas, weights } = estimates.get(cell)!
    return value > 0 && (replicas ?? weights)?.relativeVariance !== 0
  }
  const valued = used.some((cell) => isValued(estimates.get(cell)!))
  const fitted = valued ? used.filter(hasSpread) : used
  const { link, hasIntercept } = formula
  const options = { link, confidence, terms: formula.terms.map(({ text }) => text), hasIntercept }
  const fit = valued
    ? fitValues(fitted.map(valueOf), options)
    : fitCells(fitted.map(countOf), { family: familyOf(formula.estimate), ...options })
  return {
    fit,
    indices: fitted.map(({ index }) => index),
    leftOut: [
      ...because(
        'no trials yet',
        cells.filter(({ trials }) => trials === 0),
      ),
      ...because(
        'no escapes, or all values are equal, so the spread of the values is not known',
        valued ? used.filter((cell) => !hasSpread(cell)) : [],
      ),
      ...because('the same trials are already counted in another cell', repeated),
    ],
  }

  function countOf(cell: StudiedCell): CellCount {
    const { events, atRisk } = estimates.get(cell)!
    const exposure = atRisk === undefined ? cell.trials : Number(atRisk)
    return { x: xs.get(cell)!, events, exposure, noise: cell.noise }
  }

  function valueOf(cell: StudiedCell): CellValue {
    const { value, events, replicas, weights } = estimates.get(cell)!
    const { relativeVariance } = (replicas ?? weights)!
    const { trials, noise } = cell
    // If trials have weights, the degrees of freedom of the variance depend on the effective number of events.
    const freedom = Math.max(1, Math.min(trials, weights?.effectiveEvents ?? trials) - 1)
    return {
      x: xs.get(cell)!,
      value,
      relativeVariance: relativeVariance / trials,
      freedom,
      events,
      exposure: trials,
      noise,
    }
  }
}

const because = (why: string, cells: readonly StudiedCell[]): Study['leftOut'] =>
  cells.map(({ index }) => ({ index, why }))

/** Throws if the estimate is neither a count of events nor a mean of values with a known spread. */
function estimateOf({ estimates }: StudiedCell, used: readonly StudiedCell[], name: string): Estimate {
  familyOf(name)
  const estimate = estimates[name]
  if (estimate === undefined) {
    const known = [...new Set(used.flatMap((cell) => Object.keys(cell.estimates)))].filter(isCount)
    refuse(
      used.filter((cell) => cell.estimates[name] === undefined),
      `no estimate named ${name}`,
      known.length === 0 ? 'run the sweep first' : `choose from ${known.join(', ')}`,
    )
  }
  const told = used.filter((cell) => isValued(cell.estimates[name]!))
  if (told.length > 0 && told.length < used.length)
    refuse(
      told,
      'the estimate is a mean of values, but in the other cells it is a count of events',
      'fit only cells that use the same method',
    )
  if (kindNamed(name) === 'exit' && used.some((cell) => Object.values(cell.estimates).some(isValued)))
    throw formulaError(
      name,
      'a fit needs the variance between replicas (splitting) or trials (tilt), which is not stored for named exits; ' +
        'fit log(escape) instead',
    )
  return estimate!
}

/** For times and costs, throws an error that says what to fit instead. */
function familyOf(text: string): Family {
  const name = parseEstimate(text)
  const fit = name === null ? 'binomial' : entryOfKind(name.kind).fit
  if (typeof fit !== 'function') return fit
  throw formulaError(text, fit(name!))
}

function isCount(text: string): boolean {
  const kind = kindNamed(text)
  return kind === null || typeof entryOfKind(kind).fit !== 'function'
}

export const isValued = ({ replicas, weights }: Estimate): boolean => replicas !== undefined || weights !== undefined

/**
 * Throws unless each name in the term is the last part of exactly one swept path, and the value of this path is a
 * number in every cell.
 */
function regressorOf(cells: readonly StudiedCell[], { expression }: FitTerm): (cell: StudiedCell) => number {
  const ends = sweptPaths(cells).map((path) => [lastOf(path), path] as const)
  const names = sweptNames(cells)
  if (freeNames(expression).names.has('T') && !names.includes('T'))
    throw formulaError(
      'T',
      `no swept path ends in T; sweep let.T with \`drift: {temperature: "= T"}\`${bySigma(names)}`,
    )
  checkNames(expression, names)
  const slots = { names: new Map(names.map((name, slot) => [name, slot])), arrays: new Map<string, number>() }
  const used = freeNames(expression).names
  for (const name of used) {
    const places = ends.filter(([end]) => end === name).map(([, path]) => path)
    if (places.length > 1)
      throw formulaError(name, `this name is ambiguous, because several swept paths end in it: ${places.join(', ')}`)
    refuse(
      cells.filter(({ params }) => typeof params[places[0]!] !== 'number'),
      `${name} is not a number`,
      'use only names whose value is a number in every cell',
    )
  }
  const scalar = compileScalar(expression, slots)
  const values = new Float64Array(names.length)
  return ({ params }) => {
    for (const [name, path] of ends) {
      const value = params[path]
      if (typeof value === 'number') values[slots.names.get(name)!] = value
    }
    return scalar(values, [])
  }
}

const sweptPaths = (cells: readonly StudiedCell[]): string[] => [
  ...new Set(cells.flatMap(({ params }) => Object.keys(params))),
]
const lastOf = (path: string): string => path.split('.').at(-1)!

export const sweptNames = (cells: readonly StudiedCell[]): string[] => [...new Set(sweptPaths(cells).map(lastOf))]

function bySigma(names: readonly string[]): string {
  const [eta, sigma] = ['eta', 'sigma'].map((name) => (names.includes(name) ? name : null))
  if (eta === null && sigma === null) return ''
  const fixed =
    eta === null ? ', where ETA is the value of eta' : sigma === null ? ', where SIGMA is the value of sigma' : ''
  const inverse = `2/(${eta ?? 'ETA'}*${sigma ?? 'SIGMA'}^2)`
  return `. For additive Gaussian noise T is eta*sigma^2/2, so 1/T is ${inverse}${fixed}`
}

const maxListed = 10

function refuse(cells: readonly StudiedCell[], why: string, hint: string): void {
  if (cells.length === 0) return
  const indices = cells.map(({ index }) => index)
  throw new StatisticsError('FIT', `${cellsListed(indices, maxListed)}: ${why}`, hint)
}
