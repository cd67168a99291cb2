import { formatPath, isWithin, type Path, parsePath, valueAt, withValue } from '../document/path.ts'
import { isMapping } from '../document/value.ts'
import { driftScales } from '../resolve/drift.ts'

/**
 * Drops the scale of a drift if a swept scale replaces it, since a drift has only one scale. If an axis sweeps
 * `update.drift.sigma`, a `temperature` in the document is dropped. If two scales of one drift are swept, both stay,
 * and the drift is refused.
 */
export function withoutReplacedScales(body: unknown, paths: ReadonlySet<string>): unknown {
  let changed = body
  for (const swept of [...paths].map(parsePath)) {
    const drift = swept.slice(0, -1)
    const entry = isScale(swept.at(-1)) && isDriftEntry(drift) ? valueAt(changed, drift) : null
    if (!isMapping(entry)) continue
    const kept = Object.entries(entry).filter(([key]) => !isScale(key) || paths.has(formatPath([...drift, key])))
    const made = withValue(changed, drift, Object.fromEntries(kept))
    if ('value' in made) changed = made.value
  }
  return changed
}

function isScale(key: unknown): boolean {
  return driftScales.some((scale) => scale === key)
}

/** Whether the path is `update.drift` or an entry of the list `update.drift`. */
function isDriftEntry(path: Path): boolean {
  return path.length >= 2 && path.length <= 3 && isWithin(path, ['update', 'drift'])
}
