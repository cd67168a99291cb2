// A vitest reporter that also counts failures outside tests. The JSON report of vitest omits them: if a `beforeAll`
// throws, it shows skipped tests, and it does not show uncaught errors at all. DRIFTFARM_TEST_COUNTS names the file
// that this reporter writes.
import { writeFileSync } from 'node:fs'

export default class Counts {
  onTestRunEnd(modules, unhandled, reason) {
    const isInterrupted = reason === 'interrupted'
    const counts = { files: modules.map(countsOf), unhandled: unhandled.length, isInterrupted }
    writeFileSync(process.env.DRIFTFARM_TEST_COUNTS, JSON.stringify(counts))
  }
}

/**
 * Counts of a file: tests that passed, failed and were skipped; tests that did not run because of a broken hook or a
 * lost process; and suites, including the file itself, that failed in a hook, in a `describe` or on import.
 */
function countsOf(module) {
  const tests = [...module.children.allTests()]
  const suites = [module, ...module.children.allSuites()]
  const counts = { passed: 0, failed: 0, skipped: [], notRun: 0 }
  for (const test of tests) {
    const { state } = test.result()
    const { missing = [] } = test.meta()
    if (state === 'passed' || state === 'failed') counts[state]++
    else if (state === 'pending' || (missing.length === 0 && suitesAround(test).some(isBroken))) counts.notRun++
    else counts.skipped.push(missing)
  }
  // A file that was queued or running when its process was lost has no error of its own.
  const isLost = ['queued', 'pending'].includes(module.state())
  const { collectDuration, duration } = module.diagnostic()
  return {
    name: module.moduleId,
    seconds: (collectDuration + duration) / 1_000,
    needs: [...new Set(tests.flatMap((test) => test.meta().requiresPrograms ?? []))],
    ...counts,
    brokenSuites: suites.filter(isBroken).length + (isLost ? 1 : 0),
  }
}

const isBroken = (suite) => suite.errors().length > 0

function suitesAround({ parent }) {
  return parent.type === 'module' ? [parent] : [parent, ...suitesAround(parent)]
}
