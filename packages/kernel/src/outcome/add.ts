/** Lists of entries that begin with a bin, ascending by bin. An entry has this many numbers. */
export const histogramWidths: Readonly<Record<string, number>> = {
  escapeHistogram: 2,
  convergeHistogram: 2,
  joint: 2,
  histogram: 2,
  decades: 3,
}

type Sum = number | bigint
type Entry = readonly [bin: number, ...counts: Sum[]]

/**
 * Adds two summaries of the same form: numbers, lists and objects of numbers, and histograms. A field that one of them
 * lacks is left out. Throws a RangeError if the horizons or the lengths of lists differ.
 */
export function addFields<T>(a: T, b: T, field = ''): T {
  return added(a, b, field) as T
}

function added(a: unknown, b: unknown, field: string): unknown {
  if (field === 'horizon') {
    if (a !== b) throw new RangeError(`tallies of horizons ${a} and ${b} cannot be added`)
    return a
  }
  if (typeof a === 'number' || typeof a === 'bigint') return addNumbers(a, b as Sum)
  if (field in histogramWidths) return addHistograms(a as readonly Entry[], b as readonly Entry[])
  if (Array.isArray(a)) return addLists(a, b as readonly unknown[], field)
  const sum: Record<string, unknown> = {}
  for (const [key, each] of Object.entries(a as object)) {
    const other = (b as Readonly<Record<string, unknown>>)[key]
    if (other !== undefined) sum[key] = added(each, other, key)
  }
  return sum
}

/** Both are numbers, or both are bigints. */
function addNumbers(a: Sum, b: Sum): Sum {
  return (a as number) + (b as number)
}

function addLists(a: readonly unknown[], b: readonly unknown[], field: string): unknown[] {
  if (a.length !== b.length) throw new RangeError(`tallies with ${a.length} and ${b.length} counts cannot be added`)
  return a.map((each, index) => added(each, b[index], field))
}

function addHistograms(a: readonly Entry[], b: readonly Entry[]): Entry[] {
  const entries = new Map(a.map((entry) => [entry[0], entry]))
  for (const entry of b) {
    const [bin, ...counts] = entry
    const known = entries.get(bin)
    entries.set(bin, known === undefined ? entry : [bin, ...counts.map((count, i) => addNumbers(known[i + 1]!, count))])
  }
  return [...entries.values()].sort(([first], [second]) => first - second)
}
