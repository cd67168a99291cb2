import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { aboutSpec, wrapped } from '@driftfarm/report'
import { command } from '../command.ts'
import { elementFile, elementName, exampleNames, examplesFolder, pythonFiles } from '../exampleFolder.ts'
import { noSuchName, usageError } from '../failure.ts'
import { output } from '../options/shared.ts'
import { note, pageOf, print, writeAll } from '../output.ts'
import type { Shell } from '../shell.ts'

export const example = command('example [name]', {
  summary:
    'list the examples (specs, files for Python, an element for web pages), or print one example. With -o, also ' +
    'write the files that the example reads',
  options: { output },
  examples: [
    'example',
    'example double-well > spec.yaml',
    'example minibatch-csv -o spec.yaml',
    'example driftfarm.py -o driftfarm.py',
  ],
  async act(shell, name, { output }) {
    const folder = examplesFolder()
    const names = exampleNames()
    const python = pythonFiles()
    if (name === undefined) {
      if (output !== undefined)
        throw usageError('-o needs the name of an example', 'write `driftfarm example NAME -o FILE`')
      return print(shell, listOf(shell, folder, names, python))
    }
    if (python.includes(name) || name === elementName) {
      const file = name === elementName ? elementFile() : join(folder, 'python', name)
      await writeAll(shell, [readFileSync(file, 'utf8')], output)
      if (output !== undefined) note(shell, `wrote ${output}`)
      return
    }
    if (!names.includes(name))
      throw noSuchName('example', name, [...names, ...python, elementName], '`driftfarm example` lists the examples')
    const text = readFileSync(join(folder, `${name}.yaml`), 'utf8')
    const files = filesOf(text).filter((file) => existsSync(join(folder, file)))
    await writeAll(shell, [text], output)
    if (output === undefined) {
      if (files.length > 0)
        note(shell, `the example reads ${files.join(', ')}, which \`driftfarm example ${name} -o FILE\` also writes`)
      return
    }
    const target = dirname(resolve(shell.cwd, output))
    const missing = files.filter((file) => !existsSync(join(target, file)))
    for (const file of missing) {
      mkdirSync(dirname(join(target, file)), { recursive: true })
      copyFileSync(join(folder, file), join(target, file))
    }
    note(shell, `wrote ${[output, ...missing].join(', ')}`)
  },
})

function listOf(shell: Shell, folder: string, names: readonly string[], python: readonly string[]): string {
  const wide = Math.max(...names.map(({ length }) => length)) + 2
  const lines = names.flatMap((name) => {
    const about = aboutSpec(readFileSync(join(folder, `${name}.yaml`), 'utf8'))
    return wrapped(about, pageOf(shell).width - wide).map((line, i) => `${(i === 0 ? name : '').padEnd(wide)}${line}`)
  })
  const [module] = python
  lines.push(
    '',
    `for Python: ${python.join(', ')} (\`driftfarm example ${module} -o ${module}\`)`,
    `for web pages: ${elementName} (\`driftfarm example ${elementName} -o ${elementName}\`)`,
    'for editors, as the first line of a spec:',
    `# yaml-language-server: $schema=${join(folder, '../docs/schema/spec.schema.json')}`,
  )
  return lines.join('\n')
}

const filesOf = (text: string): string[] =>
  [...text.matchAll(/\b(?:csv|file):\s*["']?([\w./-]+)/g)].map(([, file]) => file!)
