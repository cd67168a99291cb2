import { checkAxes } from './axes/check.ts'
import { type Axis, axisOf, byName } from './axes/column.ts'
import { Grid } from './axes/grid.ts'
import { readAxes, whereOf } from './axes/read.ts'
import { pointsWhere } from './axes/where.ts'
import { isWithin } from './document/path.ts'
import { readText } from './document/read.ts'
import { PatchedSource, placed, type Source } from './document/source.ts'
import { isMapping, type Mapping, own } from './document/value.ts'
import { Mistake } from './errors.ts'
import { type SpecOptions, withOptions } from './options.ts'
import { Cells } from './plan/cells.ts'
import { checkCells, checkShapes } from './plan/check.ts'
import type { Point } from './plan/point.ts'
import { sweepOf } from './plan/sweep.ts'
import { resolveContrasts } from './resolve/contrasts.ts'
import { resolveDemand } from './resolve/demand.ts'
import { type Library, libraryOf } from './resolve/library.ts'
import { bothWays, methodsOf } from './resolve/replicas.ts'
import { Scope } from './resolve/scope.ts'
import { ranges } from './schema/range.ts'
import type { SpecDocument } from './schema/spec.ts'
import type { Sweep } from './sweep.ts'

/**
 * Reads a sweep spec (YAML 1.2 or JSON, at most 1 MiB) and checks all of it before any work is done.
 * Cells are made when asked for. Throws a SpecError for the first mistake.
 */
export function parseSweep(text: string, options: SpecOptions): Sweep {
  const source = withOptions(readMapping(text, options.fileName), options)
  return placed(
    () => source,
    () => planOf(source, options),
  )
}

function readMapping(text: string, fileName: string): Source {
  const source = readText(text, fileName)
  return placed(
    () => source,
    () => {
      if (!isMapping(source.value)) throw new Mistake('NOT_A_MAPPING', [], { value: source.value })
      return source
    },
  )
}

function planOf(source: Source, options: SpecOptions): Sweep {
  const version = own(source.value as Mapping, 'version')
  if (version === undefined) throw new Mistake('MISSING', ['version'], { expected: '`version: 1`' })
  if (version !== 1) throw new Mistake('VERSION', ['version'], { value: version })

  const library = libraryOf(options)
  const document = source.value as SpecDocument
  const axes = withMethods(readAxes(source, library, options.readFile), source)
  checkAxes(axes)
  const grid = new Grid(axes)
  const body = new PatchedSource(withoutAxes(source.value as Mapping), source, [])
  checkShapes(grid, body)
  const where = whereOf(source.value as Mapping)
  const kept = where === null ? null : pointsWhere(grid, where.text, where.path, library.expressions)

  const isSwept = (path: readonly (string | number)[]) => grid.columns.some((column) => isWithin(path, column.path))
  const scope = new Scope(document, library, isSwept)
  const methods = methodsOf(document, axes, library)
  const { demand: asked, maxTrials } = resolveDemand(scope, kept?.length ?? grid.size, methods)
  const demand = { ...asked, contrasts: resolveContrasts(scope, grid, kept) }
  const priority = scope.number(scope.root, 'priority', ranges.priority, 0)
  const cells = new Cells(grid, body, demand, library)
  checkCells(grid, cells, kept)

  const first = cells.point(kept?.[0] ?? 0)
  checkLetNames(first, library)
  const seed = cells.cell(first, 0).cell.seed
  const name = document.name ?? nameOf(options.fileName)
  return sweepOf({ name, seed, tags: { ...document.tags }, priority, demand, maxTrials }, grid, cells, kept)
}

/** A name that nothing uses is checked too. */
function checkLetNames(point: Point, library: Library): void {
  placed(
    () => point.source(),
    () => {
      const scope = new Scope(point.document, library)
      for (const name of scope.letNames) scope.letNumber(name)
    },
  )
}

/** What cells are made of: axes may be a million values long, and no cell holds them. */
function withoutAxes({ sweep, zip, points, where, ...rest }: Mapping): Mapping {
  if (bothWays(rest.method) === null) return rest
  const { method, ...others } = rest
  return others
}

/** `method: both` is an axis of its own. */
function withMethods(axes: readonly Axis[], source: Source): readonly Axis[] {
  const ways = bothWays(own(source.value as Mapping, 'method'))
  if (ways === null) return axes
  const path = ['method']
  const keyAt = { source, path }
  const at = (index: number) => ways[index]
  const shown = (index: number) => (index === 0 ? 'direct' : 'splitting')
  const column = { name: 'method', path, length: ways.length, at, shown, isRange: false, keyAt, writtenAt: () => keyAt }
  return [...axes, axisOf([column])].sort((a, b) => byName(a.columns[0]!, b.columns[0]!))
}

/** The file without its folder and ending, letters that no name may have made -. */
function nameOf(fileName: string): string {
  const file = fileName
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.(ya?ml|json)$/i, '')
  const name = file.replace(/[^\p{L}\p{N} ._-]/gu, '-').replace(/^[^\p{L}\p{N}]+/u, '')
  return name.slice(0, 128) || 'sweep'
}
