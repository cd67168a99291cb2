import { readFileSync } from 'node:fs'
import { networkCell } from './test/bench/kernel/networks.ts'
import { prepare, Kernel } from '@driftfarm/kernel'
import { compileFiles } from './packages/kernel/src/compile.ts'
import { assembly } from './packages/kernel/src/assembly.generated.ts'
import { warm } from './test/bench/kernel/kernels.ts'
const { cell, data } = networkCell([8, 16, 1], 256, null)
const quiet = { ...cell, update: { ...cell.update, drift: [], eta: {kind:'constant', value: 1e-9} } } as any
const p = prepare(quiet, data)
const variants: Record<string, (s: string) => string> = {
  base: (s) => s,
  'no tanh': (s) => s.replace(/ activate\(\d+,[^)]*\)/, ''),
  'no dense1': (s) => s.replace(/ denseShared\([^)]*\)/, ''),
  'no dense2': (s) => s.replace(/ dense\([^)]*\)/g, ''),
  'no back': (s) => s.replace(/ backOne\([^)]*\)/, ''),
  'no sum1': (s) => s.replace(/ sumShared\([^)]*\)/g, ''),
  'no sum2': (s) => s.replace(/ sumLayer\([^)]*\)/g, ''),
  'no fill': (s) => s.replace(/ fill\([^)]*\)/g, ''),
  'no errors': (s) => s.replace(/ errors\([^)]*\)/g, ''),
}
const runs: any[] = []
for (const [name, f] of Object.entries(variants)) {
  const src = f(p.source)
  if (name !== 'base' && src === p.source) console.log('unchanged', name)
  const bin = await compileFiles({ 'landscape.ts': src }, 'kernel.ts')
  const k = Kernel.create(new WebAssembly.Module(bin as BufferSource), p)
  const run = (r: number) => k.run(r * 8, 8, { keep: false, horizons: [] }).tally.steps
  warm(() => run(0)); runs.push({ name, run, t: [] as number[] })
}
for (let r = 0; r < 15; r++) for (const x of runs) { const b = process.cpuUsage(); const n = x.run(r); const u = process.cpuUsage(b); x.t.push((u.user + u.system) * 1000 / Number(n)) }
let base = 0
for (const x of runs) { const s = x.t.sort((a: number, b: number) => a - b); base ||= s[3]; console.log(x.name.padEnd(12), s[0].toFixed(0), s[7].toFixed(0), 'diff', (base - s[3]).toFixed(0)) }
