import { sweptNames } from './axes/forms.ts'
import { type Axis, axisOf, Grid, inOrder, listColumn } from './axes/grid.ts'
import { type Attempt, readAxes, whereOf } from './axes/read.ts'
import { pointsWhere } from './axes/where.ts'
import { resolveContrasts } from './demand/contrasts.ts'
import { checkMethods, priorityField, resolveDemand } from './demand/demand.ts'
import { bothMethods, methodsOf } from './demand/methods.ts'
import { readText } from './document/read.ts'
import { patchedSource, placed, type Source } from './document/source.ts'
import { composed, isMapping, isWithin, type Mapping, own, type Path, withBroken } from './document/value.ts'
import { Mistake, missing } from './errors.ts'
import { Scope } from './field/frame.ts'
import { createSharedResources, type SharedResources } from './field/sharedResources.ts'
import { landscapeLabel } from './landscape/label.ts'
import { limits } from './limits.ts'
import { collectEach, collectParts, Findings, Mistakes } from './mistakes.ts'
import { type SpecOptions, withOptions } from './options.ts'
import { Cells } from './plan/cells.ts'
import { checkCells, checkShapes } from './plan/check.ts'
import { checkAxes, isSweepable, soundAxes } from './plan/checkAxes.ts'
import type { Point } from './plan/point.ts'
import { sweepOf } from './plan/sweep.ts'
import { checkUnused } from './plan/unused.ts'
import { checkShape } from './schema/check.ts'
import type { SpecDocument } from './schema/spec.ts'
import type { Design, Sweep } from './sweep.ts'
import { withoutReplacedScales } from './update/drift.ts'
import { likeSweepName } from './words/unknownKey.ts'

/**
 * Reads a sweep spec (YAML 1.2 or JSON, at most 1 MiB) and checks all of it before any work is done. Cells are made
 * only on request. Throws a SpecError that lists all mistakes, at most 20.
 */
export function parseSweep(text: string, options: SpecOptions): Sweep {
  const findings = new Findings()
  const written = findings.try(() => readMapping(text, options.fileName))
  const source = written && findings.try(() => withOptions(written, options))
  const sweep = source && planOf(source, written!.value, options, findings)
  findings.report()
  return sweep!
}

function readMapping(text: string, fileName: string): Source {
  const source = readText(text, fileName)
  return placed(source, () => {
    if (!isMapping(source.value)) throw new Mistake('NOT_A_MAPPING', [], { value: source.value })
    return source
  })
}

/** Each part is checked even if other parts have mistakes. */
function planOf(source: Source, written: unknown, options: SpecOptions, findings: Findings): Sweep | null {
  const attempt: Attempt = (work) => findings.try(() => placed(source, work))
  const version = own(source.value as Mapping, 'version')
  attempt(() => checkVersion(version))
  if (version !== undefined && version !== 1) {
    attempt(() => checkTopKeys(source.value))
    return null
  }
  const library = createSharedResources(options)
  const letNames = Object.keys(own(source.value as Mapping, 'let') ?? {})
  const all = withMethods(readAxes(source, library, attempt), source)
  const isChecked = attempt(() => checkAxes(all, letNames)) !== null
  const hasAllAxes = !findings.failed
  const axes = isChecked ? all : soundAxes(all)
  const grid = new Grid(axes)
  const body = bodyOf(source, axes)
  const isShaped = checkShapes(grid, body, findings)
  const kept = hasAllAxes ? attempt(() => selectedPoints(source.value as Mapping, grid, library)) : null

  const document = isShaped ? (source.value as SpecDocument) : checkShape(body.value).document
  const isSwept = (path: Path) => grid.columns.some((column) => isWithin(path, column.path))
  const scope = new Scope(document, library, isSwept)
  const demanded = attempt(() => {
    const methods = methodsOf(document, axes, library)
    return collectParts({
      methods: () => checkMethods(scope.root, methods),
      asked: () => resolveDemand(scope, { grid, kept }, methods),
      contrasts: () => (hasAllAxes ? resolveContrasts(scope, grid, kept) : []),
    })
  })
  const demand = demanded && { ...demanded.asked.demand, contrasts: demanded.contrasts }
  const priority = attempt(() => priorityField.read(scope.root, 'priority'))
  const cells = new Cells({
    grid,
    base: body,
    written: source.value as Mapping,
    demand,
    library,
    repair: isShaped ? null : (made) => checkShape(made).document,
  })
  checkCells(grid, cells, kept, findings)

  const first = cells.point(kept?.[0] ?? 0)
  findings.try(() => checkLetNames(first, library))
  const reads = new Set([...cells.reads, ...scope.reads])
  checkUnused({ source, written, grid, kept, document: first.document, reads }, findings)
  if (findings.failed || demanded === null || demand === null || priority === null) return null
  if ((kept?.length ?? grid.size) <= limits.checkedCells) library.minimumChecks.wanted = false
  const { maxTrials } = demanded.asked
  const seed = cells.cell(first, 0).cell.seed
  const name = document.name ?? nameOf(options.fileName)
  const landscape = landscapeLabel(first.document.landscape)
  const header = { name, seed, tags: { ...document.tags }, landscape, priority, demand, maxTrials }
  return sweepOf({ ...header, prepared: library.tables.prepared(), designs: designsOf(axes) }, grid, cells, kept)
}

function designsOf(axes: readonly Axis[]): readonly Design[] {
  return axes.flatMap(({ design, length, columns }) =>
    design === undefined ? [] : [{ kind: design, points: length, axes: columns.map(({ name }) => name) }],
  )
}

/** The rest of a document of another version cannot be checked, since its rules are unknown. */
function checkVersion(version: unknown): void {
  if (version === undefined) throw missing(['version'], '`version: 1`')
  if (version !== 1) throw new Mistake('VERSION', ['version'], { value: version })
}

/** Unknown top-level keys are typing mistakes in every version of the spec. */
function checkTopKeys(document: unknown): void {
  const slips = checkShape(document).mistakes.filter(({ code, path }) => code === 'UNKNOWN_KEY' && path.length === 1)
  if (slips.length > 0) throw new Mistakes(slips)
}

function selectedPoints(document: Mapping, grid: Grid, library: SharedResources): Uint32Array | null {
  const where = whereOf(document)
  return where === null ? null : pointsWhere(grid, where.text, where.path, library.expressions)
}

/** Checks each `let` name separately, so that unused names are checked too. */
function checkLetNames(point: Point, library: SharedResources): void {
  placed(point, () => {
    const scope = new Scope(point.document, library)
    collectEach(scope.letNames, (name) => scope.letNumber(name))
  })
}

/** The paths of axes with mistakes are marked as broken. */
function bodyOf(source: Source, axes: readonly Axis[]): Source {
  const document = source.value as Mapping
  const paths = new Set(axes.flatMap(({ columns }) => columns.map(({ name }) => name)))
  const lost = [...sweptNames(document)].filter((name) => !paths.has(name)).map((name) => name.split('.'))
  const body = lost
    .filter(isSweepable)
    .reduce<unknown>((body, path) => withBroken(body, path, undefined), withoutAxes(document))
  return patchedSource(withoutReplacedScales(body, paths), source, [])
}

/** Omits the axes: cells do not contain axes, and an axis may have a million values. */
function withoutAxes({ sweep, zip, points, where, sobol, latin, threshold, ...rest }: Mapping): Mapping {
  if (bothMethods(rest.method) === null) return rest
  const { method, ...others } = rest
  return others
}

/** `method: both` becomes an axis with the methods direct and splitting. */
function withMethods(axes: readonly Axis[], source: Source): readonly Axis[] {
  const ways = bothMethods(own(source.value as Mapping, 'method'))
  if (ways === null) return axes
  const keyAt = { source, path: ['method'] }
  const column = listColumn('method', ways, { keyAt, writtenAt: () => keyAt })
  const shown = (index: number) => (index === 0 ? 'direct' : 'splitting')
  return [...axes, axisOf([{ ...column, shown }])].sort(inOrder)
}

function nameOf(fileName: string): string {
  const file = composed(fileName)
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.(ya?ml|json)$/i, '')
  return likeSweepName(file) || 'sweep'
}
