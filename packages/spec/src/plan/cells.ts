import type { Grid } from '../axes/grid.ts'
import type { Cell, Method, Start, Trial } from '../cell.ts'
import { storedIn } from '../data.ts'
import { checkDemand, checkMethod } from '../demand/checkDemand.ts'
import { placed, type Source } from '../document/source.ts'
import { type Mapping, own, type Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { Scope } from '../field/frame.ts'
import { resolveSeed } from '../field/seed.ts'
import type { SharedResources } from '../field/sharedResources.ts'
import { canonicalJson, kernelVersionOf } from '../identity.ts'
import { landscapeOf, outlineOf } from '../landscape/landscape.ts'
import type { Others, ResolvedLandscape } from '../landscape/minima.ts'
import { resolveMethod } from '../method/method.ts'
import { collectParts, once, reported, validOrNull } from '../mistakes.ts'
import { resolveStart } from '../start/start.ts'
import type { Demand, ResolvedCell } from '../sweep.ts'
import { checkDriftActs } from '../trial/horizon.ts'
import { resolveTrial } from '../trial/trial.ts'
import { CellIds } from './cellIds.ts'
import { Point, type Repair } from './point.ts'
import { SectionMaker, UpdateMaker } from './section.ts'

/** Values from the top level of the document. */
type Whole = Pick<Cell, 'seed' | 'streams'>

interface CellsOptions {
  readonly grid: Grid
  readonly base: Source
  /** The document with its axes, used to find the path of an invalid stopping rule. */
  readonly written: Mapping
  /** Null if the request itself has mistakes. */
  readonly demand: Demand | null
  readonly library: SharedResources
  /** Not null if the shape of the document has mistakes. */
  readonly repair: Repair | null
}

/**
 * Makes the cells of a grid one at a time. Caches the sections of the last cell and, up to a limit, the parts of
 * updates.
 */
export class Cells {
  /** What the cells made so far have read from the document: `let.NAME`, `parameter.NAME` and the like. */
  readonly reads = new Set<string>()
  readonly #landscape: SectionMaker<ResolvedLandscape>
  readonly #start: SectionMaker<Start>
  readonly #update: UpdateMaker
  readonly #trial: SectionMaker<Trial>
  readonly #method: SectionMaker<Method>
  /** Null if cells differ in these values. */
  readonly #wholeOfAll: (() => Whole) | null
  readonly #ids = new CellIds()
  #outline: { readonly error: unknown; readonly resolved: ResolvedLandscape } | null = null

  constructor(private readonly options: CellsOptions) {
    const { grid, library, demand, written, repair } = options
    const shared = { grid, library, reads: this.reads }
    const under = (section: string) => (path: Path) => path[0] === section
    this.#landscape = new SectionMaker(under('landscape'), shared, landscapeOf, { part: ({ landscape }) => landscape })
    this.#start = new SectionMaker(under('start'), shared, (scope, { resolved }) => resolveStart(scope, resolved()))
    this.#update = new UpdateMaker(shared, repair !== null)
    this.#trial = new SectionMaker(under('trial'), shared, (scope, { resolved }) => {
      const trial = resolveTrial(scope, resolved())
      if (demand !== null) checkDemand(demand, { trial, scope, resolved: resolved() }, written)
      return trial
    })
    this.#method = new SectionMaker(under('method'), shared, (scope, others) => {
      const method = resolveMethod(scope, others)
      if (demand !== null && method.kind !== 'direct') checkMethod(demand, method, others.trial())
      return method
    })
    const isSwept = grid.columns.some(({ path: [root] }) => root === 'seed' || root === 'streams')
    this.#wholeOfAll =
      isSwept || repair !== null ? null : once(() => wholeOf(new Scope(options.base.value as Mapping, library)))
  }

  point(gridIndex: number): Point {
    const { grid, base, repair } = this.options
    return new Point(grid, base, grid.digits(gridIndex), repair)
  }

  /** Throws the mistakes of the cell at this point, without computing an id. */
  check(point: Point): void {
    this.#parts(point)
  }

  /**
   * `known` is the id of the cell if the id has already been computed; else null. Throws a SpecError if the cell has
   * mistakes that were not found before.
   */
  cell(point: Point, index: number, known: string | null = null): ResolvedCell {
    const { landscape, start, update, trial, method, whole } = reported(() => this.#parts(point))
    // With the keys in order, the canonical text needs no sorting.
    const cell: Cell = Object.freeze({
      kernel: kernelVersionOf({ landscape: landscape.landscape, start, update, trial }),
      landscape: landscape.landscape,
      method,
      seed: whole.seed,
      start,
      streams: whole.streams,
      trial,
      update,
    })
    const { id, canonical } = known === null ? this.#ids.of(cell) : { id: known, canonical: canonicalJson(cell) }
    const params = Object.freeze(point.params())
    const stored = storedIn(start).map((reference) => this.options.library.tables.of(reference))
    return Object.freeze({
      index,
      id,
      params,
      cell,
      tables: stored.length === 0 ? landscape.tables : [...landscape.tables, ...stored],
      canonical,
    })
  }

  #parts(point: Point) {
    const others: Others = {
      resolved: once(() => this.#resolvedAt(point, landscape)),
      trial: once(() => this.#trial.at(point, others)),
      update: once(() => this.#update.at(point, others)),
    }
    const landscape = once(() => this.#landscape.at(point, others))
    const method = once(() => this.#method.at(point, { ...others, resolved: landscape }))
    return placed(point, () =>
      collectParts({
        landscape,
        start: () => {
          const made = this.#start.at(point, others)
          checkTraining(made, validOrNull(method))
          return made
        },
        update: others.update,
        trial: others.trial,
        acts: () =>
          checkDriftActs(others.update(), others.trial(), () => Array.isArray(own(point.document.update, 'drift'))),
        method,
        whole: this.#wholeOfAll ?? (() => wholeOf(new Scope(point.document, this.options.library))),
      }),
    )
  }

  /** The landscape. If it has mistakes, returns what is known of it, so that the other sections can be checked. */
  #resolvedAt(point: Point, landscape: () => ResolvedLandscape): ResolvedLandscape {
    try {
      return landscape()
    } catch (error) {
      if (this.#outline?.error !== error)
        this.#outline = { error, resolved: outlineOf(new Scope(point.document, this.options.library)) }
      return this.#outline!.resolved
    }
  }
}

function checkTraining(start: Start, method: Method | null): void {
  if (method?.kind !== 'splitting' || start.kind !== 'train' || start.per === 'cell') return
  const hint = 'all particles of a replica would need training of their own; write `per: cell`'
  throw new Mistake('METHOD', ['start', 'train', 'per'], { word: 'per: trial', hint })
}

function wholeOf({ root }: Scope): Whole {
  return collectParts<Whole>({
    seed: () => resolveSeed(root.get('seed'), ['seed']),
    streams: () => (root.get('streams') as Cell['streams'] | undefined) ?? 'independent',
  })
}
