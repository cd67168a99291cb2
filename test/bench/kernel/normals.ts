import { readFileSync } from 'node:fs'
import { compileFiles } from '../../../packages/kernel/src/compile.ts'
import { places } from '../../../packages/kernel/src/memory.ts'
import { ziggurat } from '../../../packages/kernel/src/ziggurat.ts'
import { median } from './index.ts'

interface Exports {
  readonly memory: WebAssembly.Memory
  ziggurat(n: number): number
  boxMuller(n: number): number
}

/** The two candidates of docs/decisions/0020-normal-generator.md, both on the SIMD xoshiro256++, eight lanes. */
export async function compareNormals(): Promise<void> {
  const entry = readFileSync(new URL('assembly/normals.ts', import.meta.url), 'utf8')
  const binary = await compileFiles({ 'normals.ts': entry }, 'normals.ts')
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(binary as BufferSource), {})
  const { memory, ...generators } = exports as unknown as Exports
  memory.grow(4)
  const { widths, ratios, densities } = ziggurat()
  const layers = new Float64Array(memory.buffer, places.layers, 512)
  widths.forEach((width, i) => {
    layers.set([ratios[i]!, width], 2 * i)
  })
  new Float64Array(memory.buffer, places.densities, 257).set(densities)
  new Uint32Array(memory.buffer, 0x30000, 64).forEach((_, i, states) => {
    states[i] = Math.imul(i + 1, 0x9e3779b9)
  })
  const n = 200_000
  const times: Record<string, number[]> = { ziggurat: [], boxMuller: [] }
  for (let round = 0; round < 15; round++) {
    for (const name of ['ziggurat', 'boxMuller'] as const) {
      const begin = performance.now()
      generators[name](n)
      times[name]!.push(((performance.now() - begin) * 1e6) / (8 * n))
    }
  }
  console.log('\nnormals, ns each')
  for (const [name, values] of Object.entries(times))
    console.log(`  ${name.padEnd(44)} ${median(values.slice(5)).toFixed(2).padStart(7)}`)
}
