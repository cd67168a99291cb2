import type { Refusal } from '../chain.ts'

export type AsymptoticName = 'eyring-kramers' | 'discrete-kramers' | 'freidlin-wentzell' | 'heavy-tail' | 'kesten'

export interface Quantity {
  readonly value: number
  /** 'steps', 'per step', 'loss', ..; '' for a pure number. */
  readonly unit: string
}

/** What an asymptotic says of a cell, or why it says nothing. */
export type Asymptotic = AppliedAsymptotic | RefusedAsymptotic

export interface AppliedAsymptotic {
  readonly name: AsymptoticName
  readonly applies: true
  readonly quantities: Readonly<Record<string, Quantity>>
  /** What it assumes, with the cell's numbers. */
  readonly conditions: readonly string[]
  /** Order of what it leaves out. */
  readonly error: string
  readonly source: string
}

export interface RefusedAsymptotic extends Refusal {
  readonly name: AsymptoticName
  readonly applies: false
}

export function refused(name: AsymptoticName, { reason }: Refusal): RefusedAsymptotic {
  return { name, applies: false, reason }
}

/** A number in a condition or a reason: four digits. */
export function said(value: number): string {
  return String(Number(value.toPrecision(4)))
}

export function saidPoint(point: ArrayLike<number>): string {
  return `(${Array.from(point, said).join(', ')})`
}
