import { cellOf } from '../cells.fixture.ts'
import type { AppliedAsymptotic, AsymptoticName } from '../shapes/oracle.ts'
import { asymptotics } from './asymptotics.ts'

export interface Written {
  readonly preset: string
  readonly start: readonly number[]
  readonly eta?: number
  readonly drift?: unknown
  readonly trial?: Readonly<Record<string, unknown>>
  readonly landscape?: Readonly<Record<string, unknown>>
}

export function asymptoticOf(
  name: AsymptoticName,
  { preset, start, eta = 0.1, drift = 'none', trial, landscape }: Written,
) {
  const more = {
    start,
    update: { rule: 'gradient', eta, drift },
    trial: { steps: 1000, ...trial },
    ...(landscape === undefined ? {} : { landscape }),
  }
  const found = asymptotics(cellOf(preset, more, start.length), []).find((each) => each.name === name)
  if (found === undefined) throw new Error(`no asymptotic is called ${name}`)
  return found
}

export function applied(name: AsymptoticName, written: Written): AppliedAsymptotic {
  const found = asymptoticOf(name, written)
  if (!found.applies) throw new Error(found.reason)
  return found
}

export function reason(name: AsymptoticName, written: Written): string {
  const found = asymptoticOf(name, written)
  return found.applies ? 'it applies' : found.reason
}

export function valuesOf(found: AppliedAsymptotic): Record<string, number> {
  return Object.fromEntries(Object.entries(found.quantities).map(([key, { value }]) => [key, value]))
}

export const temperature = (T: number) => ({ form: 'additive', law: 'gaussian', temperature: T })
