import { dieharder, hasDieharder, tests, type Verdict } from './dieharder.ts'
import { countNormals } from './normals.ts'
import { sources } from './sources.ts'

// `npm run test:random [-- PART ...]`: the random numbers of the project through dieharder, and 10^10 normals counted.
// Exit 1 when something failed (or a faulty source did not), 2 when dieharder is missing.
const parts = [...Object.keys(sources), 'counts']
const names = process.argv.slice(2)
const unknown = names.filter((name) => !parts.includes(name))
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(', ')}; there is ${parts.join(', ')}`)
  process.exit(2)
}
const wanted = names.length > 0 ? names : parts
const failures: string[] = []
let missing = false

for (const name of wanted) {
  if (name === 'counts') {
    if (!(await countNormals(1e10))) failures.push('the counts of normals')
  } else if (hasDieharder()) {
    const failed = await judge(name)
    if (failed !== null) failures.push(failed)
  } else missing = true
}
for (const failure of failures) console.log(`FAILED: ${failure}`)
if (missing) console.error('dieharder is missing: apt-get install dieharder (Debian, Ubuntu)')
if (failures.length === 0 && !missing) console.log('\nall is well')
process.exitCode = failures.length > 0 ? 1 : missing ? 2 : 0

/** All tests of one source; what is wrong with it, or null. A faulty one needs to fail once only. */
async function judge(part: string): Promise<string | null> {
  const source = await sources[part]!()
  console.log(`\n${part}: ${source.name}`)
  const failed: Verdict[] = []
  for (const test of tests) {
    const verdicts = await dieharder(source, test)
    for (const { test: name, p, assessment } of verdicts) {
      console.log(`  ${name.padEnd(32)} p = ${p.toFixed(8)}  ${assessment}`)
    }
    failed.push(...verdicts.filter(({ assessment }) => assessment !== 'PASSED'))
    if (source.faulty && failed.length > 0) break
  }
  if (source.faulty) return failed.length > 0 ? null : `${part} is faulty and was not found out`
  return failed.length === 0 ? null : `${part}: ${failed.map(({ test }) => test).join(', ')}`
}
