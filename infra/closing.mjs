// The last lines of `npm test`: what failed outside tests, what was skipped and how to get it, and the counts.
import { installationOf } from './programs.mjs'

/**
 * Sums up the counts of `counts.mjs`; null is a run that did not finish. With `isNamed` some tests were chosen by name,
 * and the others do not count as skipped. With `isStrict` a skipped test is a failure, except where it needs root or,
 * with `withoutPrograms`, a program.
 */
export function closingOf(counts, { isNamed = false, isStrict = false, withoutPrograms = false } = {}) {
  if (counts === null) return { passed: 0, failed: 1, lines: ['0 passed, 1 failed'] }
  const { files, unhandled, isInterrupted } = counts
  const sum = (numberOf) => files.reduce((total, file) => total + numberOf(file), 0)
  const passed = sum((file) => file.passed)
  const broken = sum((file) => file.brokenSuites)
  const notRun = sum((file) => file.notRun)
  const skipped = files.flatMap((file) => file.skipped).filter((missing) => !isNamed || missing.length > 0)
  const refused = isStrict ? skipped.filter((missing) => !maySkip(missing, withoutPrograms)).length : 0
  const failed = sum((file) => file.failed) + broken + unhandled + (isInterrupted ? 1 : 0) + refused
  const lines = []
  if (broken + unhandled + notRun > 0) {
    const filesOf = files.filter((file) => file.brokenSuites > 0).length
    lines.push(
      `failed outside tests: ${many(broken, 'suite')} in ${many(filesOf, 'file')}, ` +
        `${many(unhandled, 'uncaught error')}; ${many(notRun, 'test')} did not run`,
    )
  }
  if (isInterrupted) lines.push('interrupted before all tests had run')
  if (refused > 0) lines.push(`${many(refused, 'skipped test')} counted as failed: in CI none may be skipped`)
  if (skipped.length > 0) lines.push(`skipped ${many(skipped.length, 'test')}: ${reasonsOf(skipped)}`)
  const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
  lines.push(`${passed} passed, ${failed} failed${tail}`)
  return { passed, failed, lines }
}

const isProgram = (need) => need !== 'root' && need !== 'linux'

/** CI runs tests that need root in a separate pass. */
const maySkip = (missing, withoutPrograms) =>
  missing.length > 0 && missing.every((need) => need === 'root' || (withoutPrograms && isProgram(need)))

function reasonsOf(skipped) {
  const forPrograms = skipped.filter((missing) => missing.some(isProgram))
  const others = skipped.filter((missing) => !missing.some(isProgram))
  const forRoot = others.filter((missing) => missing.includes('root')).length
  const forLinux = others.filter((missing) => missing.includes('linux') && !missing.includes('root')).length
  const rest = others.length - forRoot - forLinux
  const reasons = []
  if (forPrograms.length > 0) {
    const names = [...new Set(forPrograms.flat().filter(isProgram))].sort()
    reasons.push(
      `${forPrograms.length} need programs or Python modules that are missing: ${names.join(', ')} ` +
        `(${installationOf(names)})`,
    )
  }
  if (forRoot > 0) reasons.push(`${forRoot} need root (CI runs them as root)`)
  if (forLinux > 0) reasons.push(`${forLinux} need Linux`)
  if (rest > 0) reasons.push(`${rest} for other reasons`)
  return reasons.join('; ')
}

const many = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`
