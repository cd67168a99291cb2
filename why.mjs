import { banner, entries, external, shared } from './infra/build.mjs'
import { root } from './infra/root.mjs'
import { build } from 'esbuild'
const { metafile } = await build({ ...shared, entryPoints: entries, outdir: root + '/packages/cli/dist/x', external, banner, write: false, metafile: true, absWorkingDir: root })
const [from, ...tos] = process.argv.slice(2)
for (const to of tos) {
  const prev = new Map([[from, null]]); const q = [from]; let hit
  while (q.length && !hit) { const p = q.shift(); for (const { path, kind } of metafile.inputs[p]?.imports ?? []) { if (kind === 'dynamic-import' || prev.has(path)) continue; prev.set(path, p); if (path.includes(to)) { hit = path; break } q.push(path) } }
  const chain = []; for (let p = hit; p; p = prev.get(p)) chain.push(p.replace('packages/', '').replace('/src/', '/')); console.log(to, ':', chain.reverse().join('\n     > ') || 'not reached')
}
