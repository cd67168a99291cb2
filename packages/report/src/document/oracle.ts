import type {
  AppliedAsymptotic,
  Asymptotic,
  OracleAnswer,
  Quantity,
  Refusal,
  RefusedAsymptotic,
} from '@driftfarm/theory'
import type { Envelope } from './envelope.ts'
import { type Real, real } from './number.ts'

export type OracleDocument = Envelope<'Oracle', OracleData>

export interface OracleData {
  readonly sweep: { readonly name: string }
  readonly cells: readonly OracleCell[]
}

/** What is exactly known of one cell. */
export interface OracleCell extends OracleOrigin {
  /** Why nothing is, or null. */
  readonly refused: string | null
  readonly chain: OracleAnswer['chain'] | null
  /** By name of the estimate. */
  readonly answers: Readonly<Record<string, Exact>>
  /** What was asked and is not known, by name, with the reason. */
  readonly missing: Readonly<Record<string, string>>
  /** What the asymptotic laws say of it, or why they say nothing. */
  readonly laws: readonly LawStatement[]
}

export interface OracleOrigin {
  readonly index: number
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
}

export interface Exact {
  readonly value: number
  /** Relative; absolute where the value is 0. */
  readonly error: number
  readonly method: string
}

/** As theory has it, but for numbers that JSON has not. */
export type LawStatement =
  | RefusedAsymptotic
  | (Omit<AppliedAsymptotic, 'quantities'> & {
      readonly quantities: Readonly<Record<string, Omit<Quantity, 'value'> & { readonly value: Real }>>
    })

export function oracleCell(
  { index, id, params }: OracleOrigin,
  found: OracleAnswer | Refusal,
  laws: readonly Asymptotic[],
): OracleCell {
  const none = { refused: null, chain: null, answers: {}, missing: {}, laws: laws.map(statement) }
  const origin = { index, id, params }
  if ('reason' in found) return { ...origin, ...none, refused: found.reason }
  return {
    ...origin,
    ...none,
    chain: found.chain,
    answers: Object.fromEntries(
      found.answers.map(({ name, value, error, method }) => [name, { value, error, method }]),
    ),
    missing: Object.fromEntries(found.missing.map(({ name, reason }) => [name, reason])),
  }
}

function statement(law: Asymptotic): LawStatement {
  if (!law.applies) return law
  const quantities = Object.entries(law.quantities).map(
    ([name, { value, unit }]) => [name, { value: real(value), unit }] as const,
  )
  return { ...law, quantities: Object.fromEntries(quantities) }
}
