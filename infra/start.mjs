// npm start [-- SPEC [options]]: set up what is due, then run a sweep. Without a spec it runs the example, with its
// figure.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root.mjs'
import { setup } from './setup.mjs'

try {
  await setup()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
const given = process.argv.slice(2)
const arguments_ =
  given.length > 0 && !given[0].startsWith('-') ? given : [join(root, 'examples/double-well.yaml'), ...figured(given)]
/** Shows a figure to a person who tries it out, but not if a program reads the output. */
function figured(options) {
  return options.includes('--json') || options.includes('--detach') ? options : [...options, '--figure']
}

const child = spawn(process.execPath, [join(root, 'packages/cli/bin/driftfarm.js'), 'run', ...arguments_], {
  stdio: 'inherit',
})
// The terminal sends Ctrl-C to both processes. The command handles it; this process only waits.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
