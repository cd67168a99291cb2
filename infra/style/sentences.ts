// npm run sentences -- --seed S --count N: sentences from pages, messages, labels and comments, with their places, to
// judge how the project reads. The same seed draws the same sentences.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { filesRead, root } from './files.ts'
import { draw, sentencesIn } from './sample.ts'

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '300' } },
  allowPositionals: true,
})
const count = Number(values.count)
if (!Number.isInteger(count) || count < 1) {
  console.error(`--count is ${values.count}; it must be a whole number of at least 1, such as 300.`)
  process.exit(2)
}
const all = filesRead(positionals).flatMap((file) => sentencesIn(file, readFileSync(join(root, file), 'utf8')))
for (const { file, line, kind, text } of draw(all, values.seed, count)) {
  console.log(`${file}:${line}\t${kind}\t${text}`)
}
console.error(`Drawn from ${all.length} sentences with seed ${values.seed}.`)
