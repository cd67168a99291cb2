import type { PopulationLandscape } from '@driftfarm/spec'
import type { ShapePlaces } from '../run/memory.ts'
import { type Item, written } from './code/functionCode.ts'

/** The code of the functions is in `assembly/population.ts` and uses the constants that are defined here. */
export function populationFunctions({ neurons, teachers, inputs }: PopulationLandscape, { work }: ShapePlaces): Item[] {
  return [
    "import { populationGradient, populationLoss } from './population'",
    `export const NEURONS: usize = ${neurons}`,
    `export const TEACHERS: usize = ${teachers}`,
    `export const LINE: usize = ${16 * inputs}`,
    `export const NORMS: usize = ${work}`,
    `export const ALONG: usize = ${work + 16 * neurons}`,
    '',
    written('export function lossOf(theta: usize): v128', ['return populationLoss(theta)']),
    written('export function gradientOf(theta: usize, gradient: usize): void', ['populationGradient(theta, gradient)']),
  ]
}

/**
 * The size of the work memory in bytes. For each neuron, this memory holds the length |w| and the sum A, which is
 * defined in docs/develop/semantics.md under "Population".
 */
export function populationWork({ neurons }: PopulationLandscape): number {
  return 32 * neurons
}
