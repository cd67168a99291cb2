import { groupedBy } from '@driftfarm/formula'
import { type EstimateKind, parseEstimate } from '@driftfarm/spec'
import type { RecordColumn } from './table.ts'
import { abbreviate, oneLine } from './text.ts'

/**
 * Returns, for each dotted path, its shortest ending that no other path has.
 *
 *     paramTitles(['update.eta', 'let.T']) // ['eta', 'T']
 */
export function paramTitles(paths: readonly string[]): string[] {
  return paths.map((path) => {
    const parts = path.split('.')
    for (let length = 1; length < parts.length; length++) {
      const title = parts.slice(-length).join('.')
      if (paths.every((other) => other === path || (other !== title && !other.endsWith(`.${title}`)))) return title
    }
    return path
  })
}

/** The columns for swept paths: numbers as they are, other values as labels of at most `longest` characters. */
export function paramColumns(
  titles: readonly string[],
  paths: readonly string[],
  cells: readonly { readonly params: Mapping }[],
  longest = Number.POSITIVE_INFINITY,
): RecordColumn<unknown>[] {
  return paths.map((path, place) => {
    const values = cells.map(({ params }) => params[path])
    const shown = values.every((value) => typeof value === 'number')
      ? values
      : subtreeLabels(values).map((label) => abbreviate(label, longest))
    return [titles[place]!, (_, at) => shown[at]]
  })
}

type Mapping = Readonly<Record<string, unknown>>
type Leaves = ReadonlyMap<string, string>

/**
 * Labels for swept values that are mappings. Each label omits the leaves that are the same in all mappings. If every
 * mapping has only one key, and the value of that key is again a mapping (`{splitting: {..}}`), the key is called the
 * kind of the outer mapping. Then labels begin with the kind, and leaves are compared only among mappings of the same
 * kind.
 *
 *     subtreeLabels([{ rule: 'adam', eta: 1 }, { rule: 'adam', eta: 2 }, 'none']) // ['eta 1', 'eta 2', 'none']
 *     subtreeLabels(['direct', { splitting: { particles: 10 } }]) // ['direct', 'splitting']
 */
export function subtreeLabels(values: readonly unknown[]): string[] {
  const mappings = values.filter(isMapping)
  const haveKinds = mappings.every((each) => kindOf(each) !== null)
  const labels = new Map<Mapping, string>()
  for (const [kind, alike] of groupedBy(mappings, (each) => (haveKinds ? kindOf(each)! : ''))) {
    const all = alike.map((each) => new Map(leavesOf(haveKinds ? (each[kind] as Mapping) : each, '')))
    // A swept value may be just the kind: `splitting` means splitting with all defaults. If the values include the word
    // `splitting`, each mapping of this kind is labelled with all its leaves, to distinguish it from the word.
    const told = haveKinds && values.includes(kind) ? all : ownLeaves(all)
    for (const [at, each] of alike.entries())
      labels.set(each, `${kind} ${leavesText(told[at]!)}`.trim() || valueLabel(each))
  }
  return values.map((value) => (isMapping(value) ? labels.get(value)! : valueLabel(value)))
}

/**
 * A value of a spec as text for readers.
 *
 *     valueLabel([1, 2]) // '(1, 2)'
 *     valueLabel({ kind: 'point', point: [1] }) // 'point, point (1)'
 */
export function valueLabel(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(valueLabel).join(', ')})`
  if (!isMapping(value)) return oneLine(value)
  return Object.entries(value)
    .map(([key, inner]) => (key === 'kind' ? valueLabel(inner) : `${key} ${valueLabel(inner)}`.trim()))
    .join(', ')
}

function kindOf(value: Mapping): string | null {
  const [key, ...more] = Object.keys(value)
  return key !== undefined && more.length === 0 && isMapping(value[key]) ? key : null
}

function ownLeaves(all: readonly Leaves[]): Leaves[] {
  const same = new Set(
    [...(all[0] ?? [])].flatMap(([path, text]) => (all.every((each) => each.get(path) === text) ? [path] : [])),
  )
  return all.map((leaves) => new Map([...leaves].filter(([path]) => !same.has(path))))
}

const leavesText = (leaves: Leaves): string =>
  [...leaves].map(([path, text]) => `${path.slice(path.lastIndexOf('.') + 1)} ${text}`).join(', ')

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function leavesOf(value: Mapping, prefix: string): [path: string, text: string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] =>
    isMapping(inner) ? leavesOf(inner, `${prefix}${key}.`) : [[prefix + key, valueLabel(inner)]],
  )
}

/** The sign of a mark on a picture, by its place in the list: 1 .. 9, then a .. z. */
export function markLetter(index: number): string {
  return (index + 1).toString(36)[0] ?? '*'
}

/** The names of estimates, those first that readers look for first. */
export const byInterest = (names: readonly string[]): readonly string[] => names.toSorted((a, b) => rank(a) - rank(b))

/** The names of all estimates of cells, those first that readers look for first. */
export const estimateNames = (cells: readonly { readonly estimates: object }[]): readonly string[] =>
  byInterest([...new Set(cells.flatMap(({ estimates }) => Object.keys(estimates)))])

const ranks: Readonly<Partial<Record<EstimateKind, number>>> = { escape: 0, converge: 1, exit: 2, class: 2, mark: 2 }

function rank(text: string): number {
  const name = parseEstimate(text)
  return name?.horizon !== null ? 4 : (ranks[name.kind] ?? 3)
}

/** The swept values of a cell as text: eta 0.1, sigma 1. */
export const cellPlaceText = (params: Readonly<Record<string, unknown>>): string =>
  Object.entries(params)
    .map(([path, value]) => `${path.split('.').at(-1)} ${valueLabel(value)}`)
    .join(', ')
