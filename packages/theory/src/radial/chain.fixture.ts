import type { BallStart, Contraction } from '../ball/contraction.ts'

type Value = number | ((n: number) => number)

interface Given {
  readonly dimension: number
  readonly rho: Value
  readonly scale: Value
  readonly radius: number
  readonly start: number
  readonly steps?: number
}

const at = (value: Value) => (typeof value === 'number' ? () => value : value)

/** A chain in a ball; numbers say that all steps are equal. */
export function radial({ dimension, rho, scale, steps = 0, ...within }: Given): [Contraction, BallStart] {
  const stationary = typeof rho === 'number' && typeof scale === 'number'
  return [
    { dimension, rho: at(rho), scale: at(scale), stationary },
    { ...within, steps },
  ]
}
