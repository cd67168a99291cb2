import type { Cell } from '@driftfarm/spec'

/** A fragment of a spec that measures the event of the bounds. */
export function measureHint(
  { landscape }: Cell,
  minimum: readonly number[],
  name: string | null,
  among: readonly number[],
  radius: number,
): string {
  if (among.length === landscape.dimension) {
    const of = name ?? `[${minimum.join(', ')}]`
    return `escape: {outside: {radius: ${radius}, of: ${of}}}`
  }
  const square = among.map((i) => `(${landscape.variables?.[i] ?? `x[${i + 1}]`} - (${minimum[i]!}))^2`).join(' + ')
  return `escape: "${square} >= ${radius}^2"`
}
