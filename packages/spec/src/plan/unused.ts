import { nearestWord } from '@driftfarm/formula'
import type { Grid } from '../axes/grid.ts'
import { placed, type Source } from '../document/source.ts'
import { Broken, isMapping, isWithin, type Path, valueAt } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts, type Findings } from '../mistakes.ts'
import type { SpecDocument } from '../schema/spec.ts'
import { defaultRadius } from '../trial/minimalTrial.ts'
import { settledRadius, withoutRadius } from '../trial/trial.ts'
import { atKey } from './checkAxes.ts'

interface Read {
  readonly source: Source
  readonly grid: Grid
  readonly kept: Uint32Array | null
  /** The document before the options were applied. */
  readonly written: unknown
  /** The document of one point of the grid. */
  readonly document: SpecDocument
  /** Names that were read to resolve the request and the cells made so far, such as `let.NAME` and `parameter.NAME`. */
  readonly reads: ReadonlySet<string>
}

/** Refuses unused `let` names and formula parameters, and a `settledRadius` that has no effect. */
export function checkUnused(read: Read, findings: Findings): void {
  const { source, reads, document } = read
  const words = wordsBesides(read, findings.failed)
  const wrong = new Set(findings.all.map(({ path }) => path.join('.')))
  const meant = findings.all.flatMap(({ code, details }) => (code === 'UNKNOWN_NAME' ? [details.word ?? ''] : []))
  const isMeant = (name: string) => meant.some((word) => word === name || nearestWord(word, [name]) === name)
  const refuseUnused = (paths: readonly Path[], section: string, code: 'UNKNOWN_NAME' | 'UNKNOWN_PARAMETER') => () => {
    const names = paths.map((path) => String(path.at(-1)))
    collectEach(paths, (path, i) => {
      const name = names[i]!
      const isUsed = wrong.has(path.join('.')) || reads.has(`${section}.${name}`) || words.has(name) || isMeant(name)
      if (!isUsed) refuse(read, path, code, names)
    })
  }
  const refusals = {
    lets: refuseUnused(pathsOf(document.let, ['let']), 'let', 'UNKNOWN_NAME'),
    parameters: refuseUnused(parametersOf(document), 'parameter', 'UNKNOWN_PARAMETER'),
    radius: () => checkRadius(read),
  }
  findings.try(() => placed(source, () => collectParts(refusals)))
}

/** Reports a name that nothing uses: as unused if the document defines it, as unknown if it occurs only on an axis. */
function refuse(
  { source, grid }: Read,
  path: Path,
  code: 'UNKNOWN_NAME' | 'UNKNOWN_PARAMETER',
  all: readonly string[],
) {
  const name = String(path.at(-1))
  const isWritten = valueAt(source.value, path) !== undefined
  const column = grid.columns.find((column) => isWithin(path, column.path))
  const known = all.filter((other) => other !== name)
  if (!isWritten && column !== undefined) {
    const near = nearestWord(name, known)
    const hint = near === undefined ? { hint: 'nothing uses it: use it in an expression, or sweep another path' } : {}
    throw atKey(column, code, { word: name, known, ...hint })
  }
  const reason =
    code === 'UNKNOWN_NAME'
      ? 'no expression or condition uses it'
      : 'neither the formula nor any other expression or condition uses it'
  throw new Mistake('UNUSED_NAME', path, { word: name, reason }, 'key')
}

function checkRadius({ document, reads }: Read): void {
  const written = document.trial.settledRadius
  if (written === undefined || written === defaultRadius || reads.has(settledRadius) || !reads.has(withoutRadius))
    return
  throw new Mistake(
    'UNUSED_NAME',
    ['trial', 'settledRadius'],
    {
      word: 'settledRadius',
      reason:
        'a quench, a small gradient or the ball around a named minimum already determines where each trial settles',
      hint:
        'remove it; without a quench, it has an effect only if `converge` uses `when` or a point that is not a named ' +
        'minimum',
    },
    'key',
  )
}

function parametersOf({ landscape }: SpecDocument): Path[] {
  if (!isMapping(landscape) || !isMapping(landscape.formula)) return []
  return [
    ...pathsOf(landscape.formula.parameters, ['landscape', 'formula', 'parameters']),
    ...pathsOf(landscape.parameters, ['landscape', 'parameters']),
  ]
}

function pathsOf(mapping: unknown, path: Path): Path[] {
  return isMapping(mapping) && !(mapping instanceof Broken) ? Object.keys(mapping).map((name) => [...path, name]) : []
}

const neverExpressions = new Set(['name', 'tags'])

/**
 * Words that count as used although no cell has read them: all words in expressions of the document, before and after
 * the options are applied. If cells were skipped or have mistakes, strings of a single word count too, because one of
 * these cells might read the word as a name.
 */
function wordsBesides({ source, written, grid, kept }: Read, hasFailed: boolean): ReadonlySet<string> {
  const isPartial = hasFailed || (kept?.length ?? grid.size) > limits.checkedCells
  const words = new Set<string>()
  const open: unknown[] = [written, source.value].map((document) =>
    Object.entries(document as object).flatMap(([key, value]) => (neverExpressions.has(key) ? [] : [value])),
  )
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) open.push(inner)
    else if (typeof next === 'string' && (isPartial || !/^[\w-]*$/.test(next)))
      for (const [word] of next.matchAll(/[A-Za-z_]\w*/g)) words.add(word)
  }
  return words
}
