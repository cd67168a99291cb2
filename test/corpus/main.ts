import { parseArgs } from 'node:util'
import { comparison, record } from './corpus.ts'

// The documents that the command prints, as they were: `node --import tsx test/corpus/main.ts [--command FILE]
// [--write]`. With --write they are taken anew, which a commit that means to change one has to say.
const { values } = parseArgs({ options: { command: { type: 'string' }, write: { type: 'boolean', default: false } } })
if (values.write) {
  console.log(`${await record(values.command)} documents written`)
} else {
  const { same, different } = await comparison(values.command)
  for (const each of different) console.log(`${each.name}: ${each.first}`)
  console.log(`${same} documents are the same, ${different.length} are not`)
  process.exitCode = different.length === 0 ? 0 : 1
}
