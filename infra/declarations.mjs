// The types of the published package: the declarations that tsc generated for the workspace packages. Only files that
// the entries reach are copied, each package to a folder of its own, with specifiers that any TypeScript resolves.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { root } from './root.mjs'

/** `from '..'`, `import '..'` and `import('..')` in a declaration. */
const specifiers = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"]+)\2/g

/** Without the library `dom`, no other declares this name. With it, both declarations are merged. */
const moduleOfWebAssembly = 'declare global {\n    namespace WebAssembly {\n        interface Module {}\n    }\n}\n'

export async function declarations({ entries, types, out }) {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/driftfarm'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const left = entries.map((name) => join(types, `${name}.d.ts`))
  const done = new Set(left)
  while (left.length > 0) {
    const file = left.pop()
    const text = readFileSync(file, 'utf8').replace(specifiers, (whole, before, mark, specifier) => {
      const target = targetOf(file, specifier)
      if (target === null) return whole
      if (!done.has(target)) left.push(target)
      done.add(target)
      const path = relative(dirname(placeOf(file, out)), placeOf(target, out)).replaceAll('\\', '/')
      return `${before}${mark}${path.startsWith('.') ? '' : './'}${path.replace(/\.d\.ts$/, '.js')}${mark}`
    })
    const place = placeOf(file, out)
    // tsc 7 writes this key as an expression, which is not allowed in a declaration.
    const legal = text.replaceAll('[-Infinity]:', '"-Infinity":')
    const needed = legal.includes('WebAssembly.Module') ? `${legal}\n${moduleOfWebAssembly}` : legal
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, needed.replace(/\n\/\/# sourceMappingURL=.*$/m, ''))
  }
}

/** The declaration file of a specifier; null for a package of npm or a module of Node. */
function targetOf(file, specifier) {
  const workspace = /^@driftfarm\/([^/]+)(?:\/(.+))?$/.exec(specifier)
  if (workspace !== null) return typesOf(workspace[1], join(workspace[2] ?? '', 'index.d.ts'))
  return specifier.startsWith('.') ? resolve(dirname(file), specifier.replace(/\.ts$/, '.d.ts')) : null
}

const typesOf = (name, file) => join(root, 'packages', name, 'dist/types', file)

/** The path of a declaration in the published package: types/PACKAGE/FILE. */
function placeOf(file, out) {
  const [name, , , ...rest] = relative(join(root, 'packages'), file).split(/[\\/]/)
  return join(out, 'types', name, ...rest)
}
