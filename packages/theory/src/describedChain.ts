import { scaleFunction } from '@driftfarm/kernel'
import { type Cell, changeOfSteps, isPlain } from '@driftfarm/spec'
import { driftLaw } from './drift.ts'
import type { OracleAnswer } from './shapes/oracle.ts'
import { isStationary } from './stationary.ts'

/** Describes the chain of a cell for its exact answers: step size, scale and temperature at n = 0. */
export function describedChain(cell: Cell): OracleAnswer['chain'] {
  const { update, landscape } = cell
  const { rule } = update
  const [entry, ...others] = update.drift
  const { eta, drift } = scaleFunction(cell)(0)
  const [amount = 0] = drift
  const isStep = entry?.form === 'additive' && others.length === 0
  const hasTemperature = changeOfSteps(update) === null && isStationary(cell)
  const scale = isStep && entry.scale === 'sigma' ? eta * amount : amount
  const beta = rule.kind === 'momentum' && !isPlain(rule) ? rule.beta : null
  const variance = isStep && hasTemperature ? driftLaw(entry.law).variance : null
  return {
    dimension: landscape.dimension,
    law: entry === undefined ? 'none' : 'law' in entry ? entry.law.kind : 'flip',
    beta,
    eta,
    scale,
    temperature: variance === null ? null : (scale * scale * variance) / (2 * Math.abs(eta) * (1 - (beta ?? 0))),
  }
}
