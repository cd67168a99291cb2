// What each part of the bundled command loads: the bytes of its chunks, without what it imports later. Arguments: names
// of parts. For each, the largest source files are listed.
import { basename, join } from 'node:path'
import { banner, entries, external, shared } from './build.mjs'
import { root } from './root.mjs'

const { build } = await import('esbuild')
const { metafile } = await build({
  ...shared,
  entryPoints: entries,
  outdir: join(root, 'packages/cli/dist/x'),
  external,
  banner,
  write: false,
  metafile: true,
  absWorkingDir: root,
})
const outs = metafile.outputs
const names = process.argv.slice(2)
for (const [path, out] of Object.entries(outs)) {
  if (path.endsWith('.map') || !out.entryPoint) continue
  const name = basename(path).replace(/-[A-Z0-9]{8}\.js$|\.js$/, '')
  const seen = new Set()
  const walk = (p) => {
    if (seen.has(p) || !outs[p]) return
    seen.add(p)
    for (const i of outs[p].imports) if (i.kind === 'import-statement') walk(i.path)
  }
  walk(path)
  const bytes = [...seen].reduce((s, p) => s + outs[p].bytes, 0)
  const externals = new Set(
    [...seen].flatMap((p) =>
      outs[p].imports
        .filter((i) => i.external && i.kind === 'import-statement' && !i.path.startsWith('node:'))
        .map((i) => i.path),
    ),
  )
  if (names.length === 0 || names.includes(name)) {
    console.log(name.padEnd(24), String(Math.round(bytes / 1024)).padStart(6), 'kB', [...externals].join(' '))
    if (names.length > 0) {
      const files = new Map()
      for (const p of seen)
        for (const [f, { bytesInOutput }] of Object.entries(outs[p].inputs))
          files.set(f, (files.get(f) ?? 0) + bytesInOutput)
      const by = new Map()
      for (const [f, b] of files) {
        const k = /node_modules\/\.pnpm\/([^/]+)/.exec(f)?.[1] ?? f.split('/').slice(0, 4).join('/')
        by.set(k, (by.get(k) ?? 0) + b)
      }
      for (const [f, b] of [...by].sort((a, b) => b[1] - a[1]).slice(0, 25))
        console.log('   ', String(Math.round(b / 1024)).padStart(5), f)
    }
  }
}
