import type { Drift, Rule, Schedule, Update } from '../cell.ts'
import type { Path } from '../document/path.ts'
import type { ResolvedLandscape } from '../resolve/resolvedLandscape.ts'
import { resolveDrifts, resolveEta, updateRule } from '../resolve/update.ts'
import type { Point } from './point.ts'
import { type Section, SectionMaker, type Shared, touches } from './section.ts'

/**
 * Size of the cache for each kind of part, in characters of canonical JSON: enough for a few thousand step sizes or
 * simple drifts.
 */
const room = 500_000

const eta: Path = ['update', 'eta']
const drift: Path = ['update', 'drift']

/**
 * Makes the updates of cells. If a cell has mistakes, throws only the first. Most sweeps vary the update, so its three
 * parts (rule, step size and drift) are made and cached separately: a grid of 100 step sizes and 100 scales of drift
 * has 10,000 updates, but only 100 step sizes and 100 drifts are made.
 */
export class UpdateMaker {
  readonly #rule: SectionMaker<Rule, null>
  readonly #eta: SectionMaker<Schedule, null>
  readonly #drift: SectionMaker<readonly Drift[], ResolvedLandscape>
  #last: { readonly parts: readonly Section<unknown>[]; readonly section: Section<Update> } | null = null

  constructor(shared: Shared) {
    const root = 'update'
    const holdsRule = (path: Path) => path.length < 2 || !(touches(path, eta) || touches(path, drift))
    this.#rule = new SectionMaker({ root, holds: holdsRule }, shared, updateRule, { room })
    this.#eta = new SectionMaker({ root, holds: (path) => touches(path, eta) }, shared, resolveEta, { room })
    this.#drift = new SectionMaker({ root, holds: (path) => touches(path, drift) }, shared, resolveDrifts, { room })
  }

  /** Returns the same object as before if all parts are the same objects as before. */
  at(point: Point, resolved: ResolvedLandscape): Section<Update> {
    const rule = this.#rule.at(point, null)
    const eta = this.#eta.at(point, null)
    const drift = this.#drift.at(point, resolved)
    const last = this.#last
    if (last !== null && last.parts[0] === rule && last.parts[1] === eta && last.parts[2] === drift) return last.section
    const value: Update = Object.freeze({ rule: rule.value, eta: eta.value, drift: drift.value })
    const canonical = `{"drift":${drift.canonical},"eta":${eta.canonical},"rule":${rule.canonical}}`
    const section = { value, canonical }
    this.#last = { parts: [rule, eta, drift], section }
    return section
  }
}
