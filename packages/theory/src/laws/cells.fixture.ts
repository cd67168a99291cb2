import { cellOf } from '../cells.fixture.ts'
import type { AppliedLaw, LawName } from './law.ts'
import { laws } from './laws.ts'

export interface Written {
  readonly preset: string
  readonly start: readonly number[]
  readonly eta?: number
  readonly drift?: unknown
  readonly trial?: Readonly<Record<string, unknown>>
  readonly landscape?: Readonly<Record<string, unknown>>
}

export function lawOf(name: LawName, { preset, start, eta = 0.1, drift = 'none', trial, landscape }: Written) {
  const more = {
    start,
    update: { rule: 'gradient', eta, drift },
    trial: { steps: 1000, ...trial },
    ...(landscape === undefined ? {} : { landscape }),
  }
  const found = laws(cellOf(preset, more, start.length), null).find((law) => law.name === name)
  if (found === undefined) throw new Error(`no law is called ${name}`)
  return found
}

export function applied(name: LawName, written: Written): AppliedLaw {
  const law = lawOf(name, written)
  if (!law.applies) throw new Error(law.reason)
  return law
}

export function reason(name: LawName, written: Written): string {
  const law = lawOf(name, written)
  return law.applies ? 'it applies' : law.reason
}

export function valuesOf(law: AppliedLaw): Record<string, number> {
  return Object.fromEntries(Object.entries(law.quantities).map(([key, { value }]) => [key, value]))
}

export const temperature = (T: number) => ({ form: 'additive', law: 'gaussian', temperature: T })
