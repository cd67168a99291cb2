import { placesOf } from '../axes/forms.ts'
import type { Grid } from '../axes/grid.ts'
import { whereOf } from '../axes/read.ts'
import type { Mapping, Path } from '../document/value.ts'
import { Mistake, misplacedKey, missing, overLimit } from '../errors.ts'
import { frameAt, type Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import type { Until } from '../sweep.ts'

/** Far from the threshold, this many trials already show on which side of the threshold the probability lies. */
const firstTrials = 100

export const thresholdPath = (document: Mapping): Path | null => placesOf(document, 'threshold')[0] ?? null

/**
 * A grid point takes trials until it is clear on which side of the threshold its probability lies, but never more than
 * `trials`.
 */
export function resolveThreshold(
  scope: Scope,
  grid: Grid,
  kept: Uint32Array | null,
  confidence: () => number,
): Until | null {
  const path = thresholdPath(scope.root.object as Mapping)
  if (path === null) return null
  const frame = frameAt(scope.root, path)
  const searched = grid.axes.at(-1)
  const { estimate, equals, max, ...rest } = collectParts({
    estimate: () => estimateOf(frame.get('estimate'), frame.at('estimate')),
    equals: () => frame.number('equals', ranges.betweenZeroAndOne),
    confidence,
    max: () => maxTrials(scope),
    others: () => refuseOthers(scope, path),
    where: () => checkLines(searched?.length ?? 1, kept, scope.root.object as Mapping),
    count: () => checkCount(kept?.length ?? grid.size, path),
  })
  if (searched === undefined) return null
  const threshold = { path: searched.columns[0]!.name, points: searched.length }
  const rules = [{ rule: 'threshold', estimate, equals } as const]
  return { rules, confidence: rest.confidence, min: Math.min(firstTrials, max), max, threshold }
}

function estimateOf(estimate: unknown, path: Path): string {
  if (typeof estimate === 'string') return estimate
  throw missing(path, 'the name of a probability, such as escape')
}

function maxTrials(scope: Scope): number {
  if (scope.root.get('trials') === undefined)
    throw missing(['trials'], '`trials` beside `threshold`: the largest number of trials for one grid point')
  return scope.root.number('trials', ranges.trials)
}

/** Refuses keys for values that the search chooses itself, and keys that need the results of all cells. */
function refuseOthers({ root }: Scope, path: Path): void {
  const by = `\`${path.join('.')}\``
  const hints = {
    until: `remove \`until\`: ${by} is the stopping rule, and \`trials\` limits the trials of each grid point`,
    budget: 'remove `budget`: the search decides how many trials each grid point takes, at most `trials`',
    contrasts: 'remove `contrasts`: they compare cells, but most grid points are never computed',
    simultaneous:
      'remove `simultaneous`: the intervals of a threshold search already hold for all points simultaneously',
  }
  collectEach(Object.entries(hints), ([word, hint]) => {
    const value = root.get(word)
    if (value !== undefined && !(word === 'simultaneous' && value === true))
      throw misplacedKey([word], hint, 'THRESHOLD')
  })
}

/** For each combination of the values of the other paths, `where` must keep all points of the searched path or none. */
function checkLines(points: number, kept: Uint32Array | null, document: Mapping): void {
  if (kept === null) return
  const isWhole = kept.every(
    (index, i) => index % points === i % points && index - (i % points) === kept[i - (i % points)],
  )
  if (isWhole && kept.length % points === 0) return
  throw new Mistake('THRESHOLD', whereOf(document)!.path, {
    word: 'where',
    hint: 'the search needs all points of the searched path: remove this path from the condition',
  })
}

function checkCount(cells: number, path: Path): void {
  if (cells <= limits.searchedCells) return
  throw overLimit(
    'TOO_MANY_CELLS',
    path,
    `${cells} grid points`,
    `${limits.searchedCells} grid points per sweep`,
    'write a larger `within`, or sweep fewer values',
  )
}
