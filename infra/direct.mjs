// A plugin for esbuild. The packages of the workspace import each other through their index files. A command would
// evaluate all files of such an index, although it may need only one. The plugin replaces each import by one from the
// file that declares the name, so that only files in use are evaluated. No package's index has side effects.

import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { root } from './root.mjs'

const packages = join(root, 'packages')
const indexOf = (name) => join(packages, name, 'src/index.ts')

/** For each package, the file that declares each of its exported values. */
async function declaredIn() {
  const names = readdirSync(packages).filter((name) => {
    const { exports = {}, sideEffects } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'))
    return exports['.'] === './src/index.ts' && sideEffects === false
  })
  const found = new Map()
  const passedOn = []
  for (const name of names) {
    const index = indexOf(name)
    const text = readFileSync(index, 'utf8')
    const files = new Map()
    const stars = []
    for (const [, list, from] of text.matchAll(/^export (?:\{([^}]*)\}|\*) from '([^']+)'/gm)) {
      const file = resolve(dirname(index), from)
      const [, other] = /^@driftfarm\/(\w+)$/.exec(from) ?? []
      if (other !== undefined) passedOn.push({ files, other, list })
      else if (list === undefined) stars.push(file)
      else for (const { from, to } of values(list)) files.set(to, { file, name: from })
    }
    for (const [file, exported] of await exportsOf(stars)) for (const name of exported) files.set(name, { file, name })
    found.set(name, files)
  }
  for (const { files, other, list } of passedOn)
    for (const { from, to } of values(list)) files.set(to, found.get(other).get(from))
  return found
}

/** The names in the braces of an import or export, without types. */
const values = (list) =>
  list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith('type '))
    .map((each) => {
      const [from, to = from] = each.split(/\s+as\s+/)
      return { from, to }
    })

/** The values that each file declares itself. */
async function exportsOf(files) {
  if (files.length === 0) return []
  const { metafile } = await build({
    entryPoints: files,
    write: false,
    metafile: true,
    format: 'esm',
    outdir: packages,
    outbase: root,
    absWorkingDir: root,
  })
  return Object.values(metafile.outputs).map(({ entryPoint, exports }) => [join(root, entryPoint), exports])
}

/** `edit` may change the text of a file first. */
export const direct = (edit = (text) => text) => ({
  name: 'direct-imports',
  setup({ onLoad, onStart }) {
    let declared
    onStart(async () => {
      declared = await declaredIn()
    })
    onLoad({ filter: /\/packages\/[^/]+\/src\/.*\.tsx?$/ }, async ({ path }) => {
      /** The names of a list with the files that declare them, relative to this file; null if one is not known. */
      const placed = (list, of) => {
        const found = values(list).map(({ from, to }) => ({ to, declared: declared.get(of)?.get(from) }))
        if (found.some((each) => each.declared === undefined)) return null
        return found.map(({ to, declared: { file, name } }) => {
          const near = relative(dirname(path), file)
          return { text: name === to ? name : `${name} as ${to}`, file: near.startsWith('.') ? near : `./${near}` }
        })
      }
      const text = edit(await readFile(path, 'utf8'), path)
      const contents = text
        .replace(/^(import|export) \{([^}]*)\} from '@driftfarm\/([a-z]+)'/gm, (whole, word, list, of) => {
          const lines = placed(list, of)?.map((each) => `${word} { ${each.text} } from '${each.file}'`)
          return lines === undefined ? whole : lines.join('; ') + '\n'.repeat(whole.split('\n').length - 1)
        })
        .replace(/(\{ ([\w, ]+) \}) = await import\('@driftfarm\/([a-z]+)'\)/g, (whole, braces, list, of) => {
          const [first, ...others] = placed(list, of) ?? []
          return first === undefined || others.some(({ file }) => file !== first.file)
            ? whole
            : `${braces} = await import('${first.file}')`
        })
      return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' }
    })
  },
})
