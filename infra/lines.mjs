// Checks that no line is longer than 120 columns. Generated and recorded files, table rows in Markdown and code blocks
// in Markdown are exempt.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const most = 120
const written = /\.(tsx?|css|html|mjs|cjs|md|sql|sh|py|c|h|ya?ml)$|(^|\/)Dockerfile$|^\.ci\/run$/
const recorded = /\.generated\.ts$|\/migrations\/|pnpm-lock|^test\/corpus\/(documents|specs)\//

const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
const long = []
for (const name of stdout.split('\n').filter((name) => written.test(name) && !recorded.test(name))) {
  let shown = false
  for (const [at, line] of readFileSync(join(root, name), 'utf8').split('\n').entries()) {
    if (name.endsWith('.md')) {
      if (/^\s*```/.test(line)) shown = !shown
      if (shown || /^\s*\|/.test(line)) continue
    }
    if ([...line].length > most) long.push(`${name}:${at + 1}: ${[...line].length} columns: ${line.slice(0, 60)} ..`)
  }
}
if (long.length > 0) console.log(`${long.join('\n')}\nThese lines are longer than ${most} columns: split them.`)
process.exit(long.length > 0 ? 1 : 0)
