import type { Refusal } from '../chain.ts'

export type LawName = 'eyring-kramers' | 'discrete-kramers' | 'freidlin-wentzell' | 'heavy-tail' | 'kesten'

export interface Quantity {
  readonly value: number
  /** 'steps', 'per step', 'loss', ..; '' for a pure number. */
  readonly unit: string
}

/** What an asymptotic law says of a cell, or why it says nothing. */
export type Law = AppliedLaw | RefusedLaw

export interface AppliedLaw {
  readonly name: LawName
  readonly applies: true
  readonly quantities: Readonly<Record<string, Quantity>>
  /** What the law assumes, with the cell's numbers. */
  readonly conditions: readonly string[]
  /** Order of what the law leaves out. */
  readonly error: string
  readonly source: string
}

export interface RefusedLaw extends Refusal {
  readonly name: LawName
  readonly applies: false
}

export function refused(name: LawName, { reason }: Refusal): RefusedLaw {
  return { name, applies: false, reason }
}

/** A number in a condition or a reason: four digits. */
export function said(value: number): string {
  return String(Number(value.toPrecision(4)))
}

export function saidPoint(point: ArrayLike<number>): string {
  return `(${Array.from(point, said).join(', ')})`
}
