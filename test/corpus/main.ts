import { parseArgs } from 'node:util'
import { comparison, record } from './corpus.ts'

// Compares the documents that the command prints with the stored ones: `node --import tsx test/corpus/main.ts
// [--command FILE] [--since COMMIT] [--numbers] [--write]`. With --since, they are compared with the documents that
// this commit stored. With --numbers, sentences may differ, but not the numbers and structure.
// With --write, the documents are stored instead of compared; the commit must say which documents change and why.
const { values } = parseArgs({
  options: {
    command: { type: 'string' },
    since: { type: 'string' },
    numbers: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
if (values.write) {
  console.log(`${await record(values.command)} documents written`)
} else {
  const { same, different } = await comparison(values)
  for (const each of different) console.log(`${each.name}: ${each.first}`)
  console.log(`${same} documents are the same, ${different.length} are not`)
  process.exitCode = different.length === 0 ? 0 : 1
}
