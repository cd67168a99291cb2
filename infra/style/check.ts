// npm run style: the wording of pages, messages, labels and comments. Words of the table fail; long sentences are
// counted. With --count it prints how often each is found and in which folders, and does not fail. Paths limit it.
import { parseArgs } from 'node:util'
import { filesRead, folderOf } from './files.ts'
import { findings } from './findings.ts'
import type { Found } from './lint.ts'
import { longSentence } from './rules.ts'
import { maxWords } from './words.ts'

const { values, positionals } = parseArgs({ options: { count: { type: 'boolean' } }, allowPositionals: true })
const found = await findings(filesRead(positionals))
const failures = found.filter(({ fails }) => fails)
const counted = found.filter(({ fails }) => !fails)

if (values.count) {
  table('expression', found, ({ message, fails }) => (fails ? message : `${message} (counted only)`))
  table('folder', failures, ({ file }) => folderOf(file))
  table('folder (counted only)', counted, ({ file }) => folderOf(file))
} else {
  for (const { file, line, column, text, message } of failures) {
    console.log(`${file}:${line}:${column}: "${text}": ${message}`)
  }
  if (failures.length > 0) {
    console.log(`${failures.length} expressions to replace: not → but. CONTRIBUTING.md explains the style.`)
  }
  if (counted.length > 0) {
    const long = counted.filter(({ message }) => message === longSentence).length
    console.log(`warning: ${long} sentences have more than ${maxWords} words; npm run style -- --count`)
  }
  process.exitCode = failures.length > 0 ? 1 : 0
}

/** Prints how many findings have each key, the most first. */
function table(title: string, found: Found[], keyOf: (one: Found) => string): void {
  const counts = new Map<string, number>()
  for (const one of found) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  const rows = [...counts].sort(([, a], [, b]) => b - a).map(([key, count]) => `${String(count).padStart(6)}  ${key}`)
  console.log(` count  ${title}\n${rows.join('\n')}\n`)
}
