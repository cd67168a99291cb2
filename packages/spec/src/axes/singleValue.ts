import { isMapping, type Mapping, type Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { flowStyle } from '../words/flowStyle.ts'

interface Fault {
  readonly reason: string
  readonly hint: string
}

/** Words for axes in other software, with the equivalent NumPy or Python function; null stands for a plain list. */
const kinds = {
  linear: 'linspace',
  linspace: 'linspace',
  lin: 'linspace',
  log: 'geomspace',
  geometric: 'geomspace',
  geomspace: 'geomspace',
  logspace: 'logspace',
  range: 'arange',
  arange: 'arange',
  values: null,
  list: null,
  grid: null,
} as const

/** Refuses the mistake `sweep: { update: { eta: [..] } }`: swept paths are written with dots, not nested. */
export function refuseNested(name: string, value: Mapping, at: Path): void {
  const entries = Object.entries(value)
  if (entries.length === 0 || entries.some(([, inner]) => typeof inner !== 'object' || inner === null)) return
  const fault = (reason: string, hint: string) => new Mistake('AXIS', at, { value, reason, hint }, 'key')
  const [path, list] = innermost(name, value)
  const dot = path.lastIndexOf('.')
  const [parent, kind] = [path.slice(0, dot), path.slice(dot + 1)]
  // Below `parameters` or `let`, a key such as `range` may be a name that the author has chosen.
  if (Array.isArray(list) && Object.hasOwn(kinds, kind) && !/(^|\.)(parameters|let)$/.test(parent)) {
    const called = kinds[kind as keyof typeof kinds]
    const axis = called === null ? (flowStyle(list) ?? '[..]') : rangeFor(called, `${list.join()})`)
    throw fault(`an axis has no key \`${kind}\``, `write ${parent}: ${axis}`)
  }
  const hint = `write each path on its own line, with dots: ${path}: ${flowStyle(list) ?? '[..]'}`
  throw fault('swept paths must not be nested', hint)
}

function innermost(path: string, value: unknown): readonly [path: string, value: unknown] {
  const entry = isMapping(value) ? Object.entries(value)[0] : undefined
  const isAxis = entry === undefined || typeof entry[1] !== 'object' || entry[1] === null
  return isAxis ? [path, value] : innermost(`${path}.${entry[0]}`, entry[1])
}

/** Explains an axis value that is neither a list nor a range. For example, YAML reads `0.1, 0.2` as a single string. */
export function singleValue(value: unknown): Fault {
  const text = typeof value === 'string' ? value.trim() : ''
  const call = /^(?:\w+\.)?(linspace|logspace|geomspace|arange|range)\s*\((.*)$/.exec(text)
  if (call !== null)
    return { reason: 'function calls are not supported here', hint: `write ${rangeFor(call[1]!, call[2]!)}` }
  if (/^[[(].*[\])]$/.test(text)) return { reason: 'it is a string', hint: `remove the quotes: [${text.slice(1, -1)}]` }
  if (/^[^,\s]+(\s*,\s*[^,\s]+)+$/.test(text))
    return { reason: 'it is a single string', hint: `write it in brackets: [${text.split(/\s*,\s*/).join(', ')}]` }
  if (/^-\S+(\s+-\S+)+$/.test(text))
    return {
      reason: 'it is a single string',
      hint: 'write a space after each `-` of a list, or put negative numbers in brackets: [-1, -2]',
    }
  return { reason: 'it is a single value', hint: 'write [..] around it, or remove it from `sweep`' }
}

/** If the arguments cannot be converted to a range, the result has placeholder words instead of numbers. */
function rangeFor(name: string, rest: string): string {
  const isLog = name === 'logspace' || name === 'geomspace'
  const list = /^([^()]*)\)$/.exec(rest)?.[1]?.split(',').map(Number) ?? []
  const ends = list.every(Number.isFinite) ? endsOf(name, list) : null
  const [from, to, count] = ends ?? ['FIRST', 'LAST', 'COUNT']
  return `{ from: ${from}, to: ${to}, count: ${count}${isLog ? ', scale: log' : ''} }`
}

function endsOf(name: string, list: readonly number[]): readonly [number, number, number] | null {
  if (name === 'arange' || name === 'range') {
    const [from, stop, step] = list.length === 1 ? [0, list[0]!, 1] : [list[0]!, list[1]!, list[2] ?? 1]
    // As in Python, `stop` is excluded. Subtracting 1e-9 keeps a rounding error from including `stop`.
    const count = Math.ceil((stop - from) / step - 1e-9)
    return count >= 2 ? [from, plain(from + (count - 1) * step), count] : null
  }
  if (list.length !== 3) return null
  const [from, to, count] = list as [number, number, number]
  if (name !== 'logspace') return [from, to, count]
  return Number.isInteger(from) && Number.isInteger(to) ? [Number(`1e${from}`), Number(`1e${to}`), count] : null
}

function plain(value: number): number {
  return Number(value.toPrecision(12))
}
