/** An integer in a document: a number while a double holds it exactly, else a decimal string. */
export type Integer = number | string

export function integer(value: number | bigint): Integer {
  const near = Number(value)
  return Number.isSafeInteger(near) ? near : String(value)
}

/** A double in a document, which has no NaN and no infinities but as text. */
export type Real = number | 'NaN' | 'Infinity' | '-Infinity'

export function real(value: number): Real {
  return Number.isFinite(value) ? value : (String(value) as Real)
}
