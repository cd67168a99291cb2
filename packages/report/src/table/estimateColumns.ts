import { type EstimateKind, parseEstimate, printEstimate } from '@driftfarm/spec'
import type { Estimate } from '@driftfarm/statistics'
import type { CellResult } from '../document/results.ts'
import type { CellColumn } from './cellColumn.ts'
import { estimateText } from './digits.ts'
import { markOf } from './findingLines.ts'
import { padEnd, padStart, printable, widthOf } from './text.ts'

interface EstimateSummary {
  value: number
  interval: number
  /** Number of cells in which `stay` is the complement of `escape`. */
  complements: number
  /** For a `stay` estimate, the name of the corresponding `escape` estimate; null for other estimates. */
  readonly escape: string | null
  readonly methods: Set<string>
}

/** The choice and the widths of the columns depend on all cells, so call `observe` for every cell first. */
export class EstimateColumns {
  readonly #seen = new Map<string, EstimateSummary>()
  #cells = 0
  #marked = false

  observe({ estimates, checks, trials }: CellResult): void {
    this.#cells++
    this.#marked ||= markOf(checks) !== ''
    for (const name of Object.keys(estimates)) {
      const estimate = estimates[name]!
      const seen = this.#seen.get(name) ?? this.#first(name)
      seen.methods.add(describe(estimate))
      const escaping = seen.escape === null ? undefined : estimates[seen.escape]
      if (escaping !== undefined && escaping.events + estimate.events === Number(trials)) seen.complements++
    }
  }

  texts(estimates: CellResult['estimates']): string[] {
    const texts: string[] = []
    for (const [name, seen] of this.#seen) {
      const estimate = estimates[name]
      const { value, interval } = estimate === undefined ? none : estimateText(estimate)
      seen.value = Math.max(seen.value, value.length)
      seen.interval = Math.max(seen.interval, interval.length)
      texts.push(value, interval)
    }
    return texts
  }

  #first(name: string): EstimateSummary {
    const parsed = parseEstimate(name)
    const escape = parsed?.kind === 'stay' ? printEstimate({ ...parsed, kind: 'escape' }) : null
    const seen = { value: 0, interval: 0, complements: 0, escape, methods: new Set<string>() }
    this.#seen.set(name, seen)
    return seen
  }

  /**
   * Omits divergence, which has a column of counts. Omits `stay` if it is the complement of `escape`, that is, if no
   * trial diverged.
   */
  names(): readonly string[] {
    const complement = (name: string) => this.#seen.get(name)!.complements === this.#cells
    return byInterest([...this.#seen.keys()].filter((name) => kindOf(name) !== 'diverge' && !complement(name)))
  }

  column(name: string, marked: boolean): CellColumn {
    const { value, interval } = this.#seen.get(name)!
    const mark = marked && this.#marked ? 1 : 0
    const place = 2 * [...this.#seen.keys()].indexOf(name)
    const title = printable(name)
    return {
      title,
      align: 'left',
      width: Math.max(widthOf(title), value + mark + 1 + interval),
      text: ([, , , , doubt, , { [place]: of = '', [place + 1]: within = '' }]) =>
        of === '' ? '' : `${padStart(of, value)}${mark === 0 ? '' : padEnd(doubt, mark)} ${within}`,
    }
  }

  intervals(names: ReadonlySet<string>): string[] {
    const byMethods = new Map<string, string[]>()
    for (const [name, { methods }] of this.#seen) {
      if (!names.has(name)) continue
      const text = [...methods].join(' or ')
      byMethods.set(text, [...(byMethods.get(text) ?? []), printable(name)])
    }
    const [only, ...others] = byMethods.keys()
    if (only === undefined) return []
    if (others.length === 0) return [`intervals: ${only}`]
    return [`intervals: ${[...byMethods].map(([methods, all]) => `${all.join(', ')} ${methods}`).join('; ')}`]
  }
}

export function byInterest(names: readonly string[]): readonly string[] {
  return names
    .map((name, at) => [name, at] as const)
    .sort(([a, i], [b, j]) => rank(a) - rank(b) || i - j)
    .map(([name]) => name)
}

const ranks: Readonly<Partial<Record<EstimateKind, number>>> = { escape: 0, converge: 1, exit: 2, class: 2, mark: 2 }

function rank(text: string): number {
  const name = parseEstimate(text)
  return name?.horizon !== null ? 4 : (ranks[name.kind] ?? 3)
}

const none = { value: '', interval: '' }

const kindOf = (name: string): EstimateKind | undefined => parseEstimate(name)?.kind

function describe({ confidence, method, simultaneous }: Estimate): string {
  const percent = Number((confidence * 100).toPrecision(12))
  return `${percent} % ${method}${simultaneous === undefined ? '' : ` (simultaneous over ${simultaneous} cells)`}`
}
