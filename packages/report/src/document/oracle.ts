import type { OracleAnswer, Refusal } from '@driftfarm/theory'
import type { Envelope } from './envelope.ts'

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
  /** Laws of escape that speak of this cell. */
  readonly laws: readonly never[]
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

export function oracleCell({ index, id, params }: OracleOrigin, found: OracleAnswer | Refusal): OracleCell {
  const none = { refused: null, chain: null, answers: {}, missing: {}, laws: [] }
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
