export const units = {
  barrier: 'loss',
  temperature: 'loss',
  exponent: '',
  ratePerStep: 'per step',
  meanExitStep: 'steps',
  probability: '',
  discreteBarrier: 'loss',
  discreteExponent: '',
  discreteFactor: '',
  width: 'theta',
  sigma: '',
  q: '',
  expectedLog: 'per step',
  meanSquare: '',
  thresholdSigma: '',
  thresholdQ: '',
  meanSquareSigma: '',
  meanSquareQ: '',
  tailExponent: '',
  escapeBound: '',
} as const

export type QuantityName = keyof typeof units

/** What an asymptotic formula says about a cell. */
export interface Applied {
  /** Quantities that are null are not reported. */
  readonly values: Readonly<Partial<Record<QuantityName, number | null>>>
  /** The assumptions of the asymptotic formula, with their numbers for this cell. */
  readonly conditions: readonly string[]
  /** The order of the terms that the asymptotic formula leaves out. */
  readonly error: string
  readonly source: string
}

/** The height of a barrier, also in units of the temperature. */
export function barrierValues(barrier: number, temperature: number) {
  return { barrier, temperature, exponent: barrier / temperature }
}

export function fourDigits(value: number): string {
  return String(Number(value.toPrecision(4)))
}

export function pointText(point: ArrayLike<number>): string {
  return `(${Array.from(point, fourDigits).join(', ')})`
}
