// Adds the digests of new cases, `[tally, demand, how]`, to src/cell/fixtures/frozen.json. If the digest of an
// older case has changed, the program stops. `--renew` replaces such digests; use it only for a change that recomputes
// the estimates of all stored cells.
import { readFileSync, writeFileSync } from 'node:fs'
import { cases, digestOf } from './src/cell/frozen.fixture.ts'

const file = new URL('src/cell/fixtures/frozen.json', import.meta.url)
const renew = process.argv.includes('--renew')
let text = readFileSync(file, 'utf8')
let written = 0
for (const [tally, demand, how, before] of cases) {
  const digest = digestOf([tally!, demand!, how!])
  if (before === digest) continue
  const places = `${tally}, ${demand}, ${how}`
  if (before !== undefined && !renew)
    throw new Error(
      `the estimates of [${places}] have changed. Users compare stored estimates bit by bit, so use --renew only if ` +
        'the estimates of all stored cells are recomputed',
    )
  const [from, to] = [before === undefined ? `[${places}]` : `[${places}, "${before}"]`, `[${places}, "${digest}"]`]
  if (!text.includes(from)) throw new Error(`${from} is not in the file`)
  text = text.replace(from, to)
  written++
}
writeFileSync(file, text)
process.stdout.write(`${written} of ${cases.length} digests written\n`)
