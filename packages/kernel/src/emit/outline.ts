/**
 * Calls of elementary functions that are worth being written out where they stand: 3 of 6 ns. Beyond, the compiler takes
 * minutes (200 nested exponentials: 85 s) and the code outgrows the caches.
 */
const mostInline = 60

const call = /\belementary\.(\w+)_v\(/g

/** Turns calls of elementary functions, which are written out, into calls of one function each, if there are many. */
export function outline(lines: readonly string[]): readonly string[] {
  const used = lines.flatMap((line) => [...line.matchAll(call)].map(([, name]) => name!))
  if (used.length <= mostInline) return lines
  const functions = [...new Set(used)].sort().flatMap((name) => {
    const values = name === 'power' ? ['x', 'y'] : ['x']
    const parameters = values.map((value) => `${value}: v128`).join(', ')
    return [`function ${name}_o(${parameters}): v128 {`, `  return elementary.${name}_v(${values.join(', ')})`, '}', '']
  })
  return [...lines.map((line) => line.replaceAll(call, '$1_o(')), ...functions]
}
