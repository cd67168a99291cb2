import { FarmError } from '@driftfarm/farm'
import type { CellResult, ResultsData, WithWarnings } from '@driftfarm/report'

export type Estimate = CellResult['estimates'][string]

/** A cell of the results, with all properties that it has in the document. */
export interface Cell extends CellResult {
  /**
   * The estimate with this name, such as `escape` or `exit:upper`. Throws a DriftfarmError NOT_FOUND that lists the
   * existing names.
   */
  estimate(name: string): Estimate
}

/** The document that `driftfarm results --json` prints. `JSON.stringify` gives its text. */
export class Results {
  readonly schemaVersion = 1
  readonly kind = 'Results'
  readonly data: ResultsData
  readonly warnings: readonly string[]

  constructor({ data, warnings }: WithWarnings<ResultsData>) {
    this.data = data
    this.warnings = warnings
  }

  /** All cells, in the order of their indices. */
  get cells(): readonly Cell[] {
    return this.data.cells.map(cellOf)
  }

  /**
   * The cell with this index, or with these values of swept paths: `{ 'update.eta': 0.1 }`. Throws a DriftfarmError
   * NOT_FOUND if there is no such cell, or more than one.
   */
  cell(which: number | Readonly<Record<string, unknown>>): Cell {
    const { cells, sweep } = this.data
    if (typeof which === 'number') {
      // A threshold search skips cells, so the position of a cell in the list may differ from its index.
      const found = cells[which]?.index === which ? cells[which] : cells.find(({ index }) => index === which)
      if (found !== undefined) return cellOf(found)
      throw new FarmError('NOT_FOUND', `${sweep.name} has no cell ${which}`, {
        hint: cells.length === 0 ? 'it has no cells yet' : `its cells are ${cells[0]!.index} to ${cells.at(-1)!.index}`,
      })
    }
    const [found, another] = cells.filter(({ params }) => has(params, which))
    if (found !== undefined && another === undefined) return cellOf(found)
    const requested = JSON.stringify(which)
    if (found === undefined)
      throw new FarmError('NOT_FOUND', `${sweep.name} has no cell with ${requested}`, { hint: known(cells, which) })
    throw new FarmError('NOT_FOUND', `several cells of ${sweep.name} have ${requested}`, {
      hint:
        `give a value for each of ${Object.keys(found.params).join(', ')}, ` +
        `or the index of one cell: ${found.index}, ${another!.index}, ..`,
    })
  }
}

const has = (params: CellResult['params'], wanted: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(wanted).every(([path, value]) => JSON.stringify(params[path]) === JSON.stringify(value))

/** Returns a hint. If no cell has the requested value of a path, the hint lists the existing values of this path. */
function known(cells: readonly CellResult[], wanted: Readonly<Record<string, unknown>>): string {
  const path = Object.keys(wanted).find((each) => !cells.some(({ params }) => has(params, { [each]: wanted[each] })))
  if (path === undefined) return 'each value exists, but no cell has all of them'
  const values = new Set(cells.flatMap(({ params }) => (path in params ? [JSON.stringify(params[path])] : [])))
  if (values.size === 0)
    return `${path} is not swept; swept paths: ${Object.keys(cells[0]?.params ?? {}).join(', ') || 'none'}`
  return `values of ${path}: ${[...values].slice(0, 20).join(', ')}${values.size > 20 ? ', ..' : ''}`
}

function cellOf(result: CellResult): Cell {
  const estimate = (name: string): Estimate => {
    const found = result.estimates[name]
    if (found !== undefined) return found
    throw new FarmError('NOT_FOUND', `cell ${result.index} has no estimate ${name}`, {
      hint: `it has ${Object.keys(result.estimates).join(', ') || 'none yet, because no trial is done'}`,
    })
  }
  // `estimate` is not enumerable, so that it does not appear in the JSON.
  return Object.defineProperty({ ...result }, 'estimate', { value: estimate }) as Cell
}
