// Builds the published folder, packages/driftfarm/dist/package: the program, the library as ES modules, types and
// examples. Packages from npm are dependencies of the library. `npm pack` in this folder makes the tarball.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inChunks, modules } from './build.mjs'
import { declarations } from './declarations.mjs'
import { noticesOf, packagesOf } from './notices.mjs'
import { isOutside, program } from './program.mjs'
import { root } from './root.mjs'
import { setup } from './setup.mjs'

const source = join(root, 'packages/driftfarm')
export const packageFolder = join(source, 'dist/package')

const noticesFile = 'THIRD-PARTY-NOTICES.txt'

/** The entry points: `driftfarm`, `driftfarm/kernel`, ... */
const library = ['index', 'kernel', 'statistics', 'theory', 'report', 'element']
/** The code of this entry point is a file of the page, with everything it needs. */
const isOfPage = (name) => name === 'element'

/** Packages of which only data files are used, so no import names them. */
const filesOnly = ['dejavu-fonts-ttf']

/** The AssemblyScript compiler: the package in Node, none in a browser, because its code imports modules of Node. */
const compiler = { browser: './lib/noCompiler.js', default: 'assemblyscript/asc' }

export async function makePackage() {
  // The page is built with the command, so it is copied from there.
  await setup()
  const versions = catalog()
  rmSync(packageFolder, { recursive: true, force: true })
  const { imported, packages } = await bundled()
  await declarations({ entries: library, types: join(source, 'dist/types'), out: packageFolder })
  const manifest = manifestOf([...imported, ...filesOnly, packageOf(compiler.default)], versions)
  cpSync(join(root, 'packages/cli/dist/page'), join(packageFolder, 'lib/page'), { recursive: true })
  rmSync(join(packageFolder, 'lib/page/licenses.json'))
  write(noticesFile, noticesOf([...packages, ...read('packages/cli/dist/page/licenses.json')]))
  mkdirSync(join(packageFolder, 'bin'), { recursive: true })
  write('bin/driftfarm.js', "#!/usr/bin/env node\nimport '../lib/driftfarm.js'\n", 0o755)
  write('lib/noCompiler.js', 'export const main = null\nexport const libraryFiles = {}\n')
  write('package.json', `${JSON.stringify(manifest, null, 2)}\n`)
  for (const name of ['LICENSE', 'CITATION.cff']) cpSync(join(root, name), join(packageFolder, name))
  cpSync(join(source, 'README.md'), join(packageFolder, 'README.md'))
  for (const name of publishedDocs()) cpSync(join(root, 'docs', name), join(packageFolder, 'docs', name))
  mkdirSync(join(packageFolder, 'docs/schema'))
  // Only programs read these files. Without spaces they are less than half as large.
  for (const name of readdirSync(join(root, 'docs/schema')))
    write(`docs/schema/${name}`, `${JSON.stringify(read(`docs/schema/${name}`))}\n`)
  cpSync(join(root, 'examples'), join(packageFolder, 'examples'), {
    recursive: true,
    filter: (path) => !/__pycache__|README\.md$|\/examples\/results$/.test(path),
  })
  return packageFolder
}

/** Pages of these folders that are left out of the package. */
const unpublished = new Set([
  'benchmarks.md',
  'dictionary.md',
  // The schemas say the same.
  'documents.md',
  // Each error prints what to do.
  'errors.md',
  'guarantees.md',
  'index.md',
  'life.md',
])

/**
 * The documentation that users need offline: the tutorials, the reference, and the pages that the README links to. All
 * of the documentation would be larger than the command, so the rest stays in the repository.
 */
function publishedDocs() {
  const linked = readFileSync(join(source, 'README.md'), 'utf8').matchAll(/\]\(docs\/([^)#]+\.md)/g)
  const whole = ['.', 'learn', 'reference'].flatMap((folder) =>
    readdirSync(join(root, 'docs', folder))
      .filter((name) => name.endsWith('.md') && !unpublished.has(name))
      .map((name) => join(folder, name)),
  )
  return new Set([...whole, ...[...linked].map(([, name]) => name)])
}

const write = (name, text, mode = 0o644) => writeFileSync(join(packageFolder, name), text, { mode })

/** Bundles the workspace packages. Returns the npm packages that the program contains, and the names of the others. */
async function bundled() {
  const { build } = await import('esbuild')
  const compilerOfPackage = {
    name: 'compiler-of-package',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^assemblyscript\/asc$/ }, () => ({ path: '#compiler', external: true })),
  }
  const { outputFiles, metafile } = await build({
    ...modules,
    ...inChunks,
    entryPoints: Object.fromEntries(
      library.filter((name) => !isOfPage(name)).map((name) => [name, join(source, `src/${name}.ts`)]),
    ),
    outdir: join(packageFolder, 'lib'),
    metafile: true,
    minify: true,
    external: [],
    // A page has no Node, so its code cannot have the banner. Nothing that needs `require` is bundled for it.
    banner: {},
    plugins: [
      compilerOfPackage,
      {
        name: 'npm-stays-outside',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@driftfarm/') ? undefined : { path, external: true },
          ),
      },
    ],
  })
  const whole = await program({ plugins: [compilerOfPackage], minify: true })
  mkdirSync(join(packageFolder, 'lib/chunks'), { recursive: true })
  for (const [name, contents] of whole.files) write(`lib/${name}`, contents)
  for (const { path, contents } of outputFiles) writeFileSync(path, contents)
  // BullMQ also looks for packages that nobody has to install.
  const ofProgram = importsOf(whole.metafile).filter((path) => isOutside(packageOf(path)))
  const paths = [...importsOf(metafile), ...ofProgram]
  const builtin = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]))
  const imported = paths.filter((path) => !builtin.has(path) && !path.startsWith('#')).map(packageOf)
  return { imported: [...new Set([...imported, ...loadedLater])], packages: packagesOf(whole.metafile) }
}

const importsOf = ({ outputs }) =>
  Object.values(outputs).flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path))

/** packages/queue/src/backend.ts loads these when the first queue is created, which the bundler does not see. */
const loadedLater = ['bullmq', 'ioredis']

/** The package of a specifier: `pg` for `pg/lib/x`, `@prisma/client` for `@prisma/client/runtime/y`. */
const packageOf = (path) =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/')

/** The versions that the workspace pins, which are known to work together. */
function catalog() {
  const text = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const [, part = ''] = /^catalog:\n((?: {2}.*\n)+)/m.exec(text) ?? []
  return Object.fromEntries(
    [...part.matchAll(/^ {2}"?([^":]+)"?: (\S+)$/gm)].map(([, name, version]) => [name, version]),
  )
}

function manifestOf(imported, versions) {
  const { name, version, description, keywords, license, type } = read('packages/driftfarm/package.json')
  const { optionalDependencies } = read('packages/cli/package.json')
  const { engines } = read('package.json')
  const pinned = (names) =>
    Object.fromEntries(
      [...names].sort().map((each) => {
        if (versions[each] === undefined) throw new Error(`${each} is not in the catalog of pnpm-workspace.yaml`)
        return [each, versions[each]]
      }),
    )
  const entry = (each) => ({
    types: `./types/driftfarm/${each}.d.ts`,
    default: `./lib/${isOfPage(each) ? 'page/' : ''}${each}.js`,
  })
  return {
    name,
    version,
    description,
    keywords,
    license,
    type,
    engines,
    bin: { driftfarm: 'bin/driftfarm.js' },
    exports: {
      ...Object.fromEntries(library.map((each) => [each === 'index' ? '.' : `./${each}`, entry(each)])),
      './package.json': './package.json',
    },
    imports: { '#compiler': compiler },
    types: './types/driftfarm/index.d.ts',
    sideEffects: ['./lib/driftfarm.js', './lib/page/element.js'],
    files: ['bin', 'lib', 'types', 'docs', 'examples', 'CITATION.cff', noticesFile],
    dependencies: pinned(imported),
    optionalDependencies: pinned(Object.keys(optionalDependencies)),
  }
}

const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'))

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = await makePackage()
  process.stdout.write(`package written to ${folder}; run \`npm pack ${folder}\` to make its tarball here\n`)
}
