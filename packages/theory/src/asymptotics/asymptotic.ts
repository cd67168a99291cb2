import type { NotApplicable } from '../chain.ts'

export type AsymptoticName = 'eyring-kramers' | 'discrete-kramers' | 'freidlin-wentzell' | 'heavy-tail' | 'kesten'

export interface Quantity {
  readonly value: number
  /** The unit, such as 'steps', 'per step' or 'loss'; empty for a pure number. */
  readonly unit: string
}

export const quantityNames = [
  'barrier',
  'temperature',
  'exponent',
  'ratePerStep',
  'meanExitStep',
  'probability',
  'discreteBarrier',
  'discreteExponent',
  'discreteFactor',
  'width',
  'sigma',
  'q',
  'expectedLog',
  'meanSquare',
  'thresholdSigma',
  'thresholdQ',
  'meanSquareSigma',
  'meanSquareQ',
  'tailExponent',
  'escapeBound',
] as const
export type Quantities = Readonly<Partial<Record<(typeof quantityNames)[number], Quantity>>>

export type Asymptotic = AppliedAsymptotic | RefusedAsymptotic

export interface AppliedAsymptotic {
  readonly name: AsymptoticName
  readonly applies: true
  readonly quantities: Quantities
  /** The assumptions of the asymptotic formula, with their numbers for this cell. */
  readonly conditions: readonly string[]
  /** The order of the terms that the asymptotic formula leaves out. */
  readonly error: string
  readonly source: string
}

export interface RefusedAsymptotic extends NotApplicable {
  readonly name: AsymptoticName
  readonly applies: false
}

export function refusedAsymptotic(name: AsymptoticName, { reason }: NotApplicable): RefusedAsymptotic {
  return { name, applies: false, reason }
}

export function fourDigits(value: number): string {
  return String(Number(value.toPrecision(4)))
}

export function pointText(point: ArrayLike<number>): string {
  return `(${Array.from(point, fourDigits).join(', ')})`
}
