// npm run house: how large the code is and whether it is in order. Prints the lines and files of each package, the
// largest files, and the circles of files and folders. With --check it prints only what breaks a rule, and fails then.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Hand-written source: no tests, no code that only tests import, no generated files. */
const source = /^packages\/(?!testing\/).*\.(tsx?|mjs|cjs|js|sql|h|c|sh|py)$/
const skipped = /\.(test|fixture|bench|generated)\.|\/(fixtures|generated|agreement)\/|\.d\.ts$/
const mostLines = 400

interface File {
  readonly name: string
  /** Lines that are neither blank nor only comment. */
  readonly lines: number
  /** Files of the same package that this file imports, types and dynamic imports included. */
  readonly imports: readonly string[]
}

const files = sourceFiles()
const names = new Set(files.map(({ name }) => name))
const arrows = new Map(files.map(({ name, imports }) => [name, imports.filter((other) => names.has(other))]))
const circlesOfFiles = circles(arrows)
const circlesOfFolders = circles(folderArrows())
const entries = files.flatMap(({ name, imports }) =>
  imports
    .filter((other) => isEntryOfParent(other, name))
    .map((other) => `${name} imports ${other}, the entry of its own parent`),
)
const tooLarge = files.filter(({ lines }) => lines > mostLines)

const broken = [
  ...circlesOfFolders.map((folders) => circleText('folders', folders)),
  ...circlesOfFiles.map((circle) => circleText('files', circle)),
  ...entries,
  ...tooLarge.map(({ name, lines }) => `${name} has ${lines} lines; the limit is ${mostLines}`),
]
if (process.argv.includes('--check')) {
  if (broken.length > 0) console.log(broken.join('\n'))
} else {
  const packages = [...new Set(files.map(({ name }) => name.split('/')[1]!))]
  for (const name of [...packages, 'all']) {
    const own = name === 'all' ? files : files.filter((file) => file.name.startsWith(`packages/${name}/`))
    const lines = own.reduce((sum, file) => sum + file.lines, 0)
    console.log(`${name.padEnd(12)} ${String(lines).padStart(6)} lines ${String(own.length).padStart(5)} files`)
  }
  const largest = [...files].sort((a, b) => b.lines - a.lines).slice(0, 10)
  console.log(
    `\nThe largest files:\n${largest.map(({ name, lines }) => `${String(lines).padStart(6)} ${name}`).join('\n')}`,
  )
  console.log(`\n${broken.length === 0 ? 'No circle, no file above the limit.' : broken.join('\n')}`)
}
process.exitCode = broken.length > 0 ? 1 : 0

function sourceFiles(): File[] {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', 'packages']
  const { stdout } = spawnSync('git', listed, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  return stdout
    .split('\n')
    .filter((name) => source.test(name) && !skipped.test(name) && existsSync(root + name))
    .map(read)
}

function read(name: string): File {
  const text = readFileSync(root + name, 'utf8')
  const withoutComments = written(text.replace(commentsIn(name), ''))
  if (!/\.(tsx?|[cm]?js)$/.test(name)) return { name, lines: withoutComments, imports: [] }
  const { comments, errors, module } = parseSync(name, text)
  let code = ''
  let at = 0
  for (const { start, end } of comments) {
    code += text.slice(at, start)
    at = end
  }
  const named = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest?.value)),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
  ]
  const imports = named
    .filter((value) => value?.startsWith('.'))
    .map((value) => posix.join(posix.dirname(name), value!))
  // AssemblyScript decorates functions, which TypeScript does not allow; its comments are then not reported.
  const lines = errors.length > 0 ? withoutComments : written(code + text.slice(at))
  return { name, lines, imports: [...new Set(imports)] }
}

function commentsIn(name: string): RegExp {
  if (name.endsWith('.sql')) return /--.*$/gm
  return /\.(sh|py)$/.test(name) ? /^\s*#.*$/gm : /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm
}

function written(code: string): number {
  return code.split('\n').filter((line) => line.trim() !== '').length
}

/**
 * Arrows between the folders below `src`. A file directly in `src` belongs to no folder: there it stands for the whole
 * package, or holds what several folders share.
 */
function folderArrows(): Map<string, string[]> {
  const found = new Map<string, Set<string>>()
  for (const [from, targets] of arrows) {
    for (const to of targets) {
      const [a, b] = [posix.dirname(from), posix.dirname(to)]
      if (a === b || isRoot(a) || isRoot(b)) continue
      found.set(a, (found.get(a) ?? new Set()).add(b))
    }
  }
  return new Map([...found].map(([folder, others]) => [folder, [...others]]))
}

function isRoot(folder: string): boolean {
  return folder.split('/').length <= 3
}

function isEntryOfParent(entry: string, file: string): boolean {
  return /\/index\.tsx?$/.test(entry) && `${posix.dirname(file)}/`.startsWith(`${posix.dirname(entry)}/`)
}

/** Strongly connected components with more than one member (Tarjan 1972), each sorted. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (node: string): void => {
    order.set(node, order.size)
    low.set(node, order.get(node)!)
    stack.push(node)
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next)
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!))
    }
    if (low.get(node) !== order.get(node)) return
    const members = stack.splice(stack.indexOf(node))
    if (members.length > 1) found.push(members.sort())
  }
  for (const node of graph.keys()) if (!order.has(node)) visit(node)
  return found
}

function circleText(kind: 'files' | 'folders', members: readonly string[]): string {
  const set = new Set(members)
  const ties = [...arrows].flatMap(([from, targets]) =>
    targets
      .filter((to) => {
        const [a, b] = kind === 'files' ? [from, to] : [posix.dirname(from), posix.dirname(to)]
        return a !== b && set.has(a) && set.has(b)
      })
      .map((to) => `  ${from} -> ${to}`),
  )
  return [`A circle of ${kind}: ${members.join(' ')}`, ...ties].join('\n')
}
