import type { Cell } from '@driftfarm/spec'

interface BoundSet {
  readonly minimum: readonly number[]
  readonly name: string | null
  readonly among: readonly number[]
  readonly radius: number
}

/** Returns a spec fragment that makes trials measure the event that the bounds refer to. */
export function measureHint({ landscape }: Cell, { minimum, name, among, radius }: BoundSet): string {
  if (among.length === landscape.dimension) {
    const of = name ?? `[${minimum.join(', ')}]`
    return `escape: {outside: {radius: ${radius}, of: ${of}}}`
  }
  const square = among.map((i) => `(${landscape.variables?.[i] ?? `x[${i + 1}]`} - (${minimum[i]!}))^2`).join(' + ')
  return `escape: "${square} >= ${radius}^2"`
}
