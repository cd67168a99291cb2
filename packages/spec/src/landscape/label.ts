import type { SpecDocument } from '../schema/spec.ts'

const longest = 48

/** A short text that tells landscapes apart: `double-well`, `(x^2 - 1)^2/4` or `network 64-32-10`. */
export function landscapeLabel({ preset, formula, network }: SpecDocument['landscape']): string {
  const text = preset ?? formula?.expression ?? `network ${network?.layers?.join('-')}`
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}
