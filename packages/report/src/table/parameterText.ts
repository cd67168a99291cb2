import type { FitParameter } from '../document/fit.ts'
import { estimateText } from './digits.ts'

export function parameterText({ value, low, high }: FitParameter): [value: string, interval: string] {
  if (typeof value === 'string' || typeof low === 'string' || typeof high === 'string')
    return [String(value), `[${low}, ${high}]`]
  const { value: text, interval } = estimateText({ value, low, high })
  return [text, interval]
}
