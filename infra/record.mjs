// The last run of each test file in each tier, stored in node_modules/.cache.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root } from './root.mjs'

const fileOf = (tier, checkout = root) => join(checkout, 'node_modules/.cache/driftfarm', `tests-${tier}.json`)

/** Test file -> { commit, dirty, at, seconds, needs, passed, failed, skipped }. */
export function readRecord(tier, checkout = root) {
  try {
    return JSON.parse(readFileSync(fileOf(tier, checkout), 'utf8'))
  } catch {
    return {}
  }
}

/** Adds the counts of `counts.mjs`. Files that it does not name are unchanged. */
export function writeRecord(tier, { files }, { commit, dirty }) {
  const record = readRecord(tier)
  const at = new Date().toISOString()
  for (const { name, seconds, needs, passed, failed, skipped, notRun, brokenSuites } of files)
    record[relative(root, name)] = {
      commit,
      dirty,
      at,
      seconds: Math.round(seconds * 10) / 10,
      needs,
      passed,
      failed: failed + brokenSuites,
      skipped: skipped.length + notRun,
    }
  mkdirSync(dirname(fileOf(tier)), { recursive: true })
  writeFileSync(fileOf(tier), `${JSON.stringify(record, null, 1)}\n`)
}

/** Prints one line per file, the slowest first. `files` are all test files, some of which may never have run. */
export function printRecord(tier, files) {
  const record = readRecord(tier)
  const rows = files
    .map((name) => ({ name, ...record[name] }))
    .sort((a, b) => (b.seconds ?? -1) - (a.seconds ?? -1) || a.name.localeCompare(b.name))
  let [seconds, passed, failed, skipped, never] = [0, 0, 0, 0, 0]
  for (const row of rows) {
    if (row.at === undefined) {
      never++
      console.log(`${'never'.padStart(9)}  ${''.padEnd(27)}  ${row.name}`)
      continue
    }
    seconds += row.seconds
    passed += row.passed
    failed += row.failed
    skipped += row.skipped
    const counts =
      `${row.passed} ` +
      `passed${row.failed > 0 ? `, ${row.failed} FAILED` : ''}${row.skipped > 0 ? `, ${row.skipped} skipped` : ''}`
    const where = `${row.at.slice(0, 16)} ${row.commit}${row.dirty ? '+' : ' '}`
    console.log(`${`${row.seconds.toFixed(1)} s`.padStart(9)}  ${where.padEnd(27)}  ${row.name}  ${counts}`)
  }
  const total = `${rows.length} files, ${never} never run; ${seconds.toFixed(0)} s`
  console.log(
    `tier ${tier}: ${total}; ${passed} passed, ${failed} failed, ${skipped} skipped (+: with uncommitted changes)`,
  )
}
