// Writes digests into src/estimate/fixtures/frozen.json: of cases that have none yet, `[tally, demand, how]`. Refuses
// where one of another case has changed; `--renew` takes those too, for an estimate that every cell gets anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { cases, digestOf } from './src/estimate/frozen.fixture.ts'

const file = new URL('src/estimate/fixtures/frozen.json', import.meta.url)
const renew = process.argv.includes('--renew')
let text = readFileSync(file, 'utf8')
let written = 0
for (const [tally, demand, how, before] of cases) {
  const digest = digestOf([tally!, demand!, how!])
  if (before === digest) continue
  const places = `${tally}, ${demand}, ${how}`
  if (before !== undefined && !renew)
    throw new Error(
      `the estimates of [${places}] have changed: a bit of a stored estimate is a result of the program. With an ` +
        'estimate that every cell gets anew, and with nothing else, --renew writes them',
    )
  const [from, to] = [before === undefined ? `[${places}]` : `[${places}, "${before}"]`, `[${places}, "${digest}"]`]
  if (!text.includes(from)) throw new Error(`${from} is not written so in the file`)
  text = text.replace(from, to)
  written++
}
writeFileSync(file, text)
process.stdout.write(`${written} of ${cases.length} digests written\n`)
