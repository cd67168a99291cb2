import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { needs } from '@driftfarm/testing/program'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { formula } from '../agreement/cells.fixture.ts'
import { gallery } from '../agreement/gallery.fixture.ts'
import { kinds } from '../agreement/randomCells.fixture.ts'
import { Kernel, type NativeAdvance } from '../run/kernel.ts'
import { compiledModule } from '../run/kernelOf.ts'
import { prepare } from '../run/prepare.ts'
import { compilerFlags } from './flags.ts'
import { nativeSource } from './source.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const run = promisify(execFile)
const folder = temporaryFolder('driftfarm-native-')
afterAll(() => folder.remove())

/** What this processor has; without AVX2, nothing native is computed. */
const features = process.platform === 'linux' ? readFileSync('/proc/cpuinfo', 'utf8') : ''
const widths = (['avx2', 'avx512'] as const).filter((each) => features.includes(each === 'avx2' ? 'avx2' : 'avx512bw'))

let made = 0
async function library(c: string, width: (typeof widths)[number], flag = '-w'): Promise<NativeAdvance> {
  const file = join(folder.path, `${made++}.node`)
  await writeFile(`${file}.c`, c)
  await run('clang', [...compilerFlags('clang', width), flag, `${file}.c`, '-o', file, '-lm'])
  const module: { exports: { advance?: NativeAdvance } } = { exports: {} }
  process.dlopen(module, file)
  return module.exports.advance!
}

const native = (cell: (typeof gallery)[string]) => prepare(cell, [], [], { native: true })

function sourceOf(cell: (typeof gallery)[string]): string {
  const source = nativeSource(native(cell))
  if ('refusal' in source) throw new Error(source.refusal)
  return source.c
}

async function results(cell: (typeof gallery)[string], advance: NativeAdvance) {
  const options = { keep: true, horizons: [5] }
  const [own, lanes] = [prepare(cell), native(cell)]
  const expected = Kernel.create(await compiledModule(own), own).run(3, 100, options)
  return [Kernel.create(await compiledModule(lanes), lanes, advance).run(3, 100, options), expected]
}

const untranslated = ['rosenbrock, 3, noise by the Hessian and heavy tails']
const some = ['double well, first exit', 'banana, two exits', 'every function', 'quadratic, 10']

describe.runIf(widths.length > 0)('native lanes', needs('clang'), () => {
  const names = full ? Object.keys(gallery).filter((name) => !untranslated.includes(name)) : some
  for (const width of full ? widths : widths.slice(-1))
    it.each(names)(`give the records of WebAssembly with ${width}: %s`, async (name) => {
      const cell = gallery[name]!
      const [actual, expected] = await results(cell, await library(sourceOf(cell), width))
      expect(actual).toEqual(expected)
    })

  it('give the records of WebAssembly for random cells, or refuse them', async () => {
    const cells = Object.values(kinds).flatMap((kind) => fc.sample(kind, { numRuns: full ? 100 : 4, seed: 7 }))
    const done = { same: 0, refused: 0 }
    for (const [index, { cell }] of cells.entries()) {
      const source = nativeSource(native(cell))
      if ('refusal' in source) done.refused++
      else {
        const [actual, expected] = await results(cell, await library(source.c, widths[index % widths.length]!, '-O1'))
        expect(actual).toEqual(expected)
        done.same++
      }
    }
    expect(done.same).toBeGreaterThan(cells.length / 4)
  }, 600_000)

  const well = gallery['double well, first exit']!
  it.each([
    ['products are fused into sums', '', '', '-ffp-contract=fast'],
    ['a lane is shifted', 'r[k + 1] = pair[1];', 'r[(k + 3) % 8] = pair[1];', '-w'],
    ['a rotation has another width', 'i64x2_shr_u(x, 64 - k)', 'i64x2_shr_u(x, 63 - k)', '-w'],
  ])('give other records if %s', async (_, from, to, flag) => {
    const c = sourceOf(well)
    expect(c).toContain(from)
    const [actual, expected] = await results(well, await library(c.replace(from, to), widths.at(-1)!, flag))
    expect(actual!.digest).not.toBe(expected!.digest)
  })

  it('turn a crash into an error', async () => {
    const c = sourceOf(well).replace(/(static i64 advance_.*\{\n)(?!.*;$)/, '$1  *(volatile int *)8 = 0;\n')
    await expect(async () => results(well, await library(c, widths.at(-1)!))).rejects.toThrow('the code crashed')
  })
})

it('what has no translation yet is refused, with the reason', () => {
  const source = nativeSource(native(gallery[untranslated[0]!]!))
  expect(source).toEqual({ refusal: expect.stringContaining('native lanes do not support this cell yet') })
})

it('no name of a spec reaches the C text', () => {
  const named = formula(['x'], '(x^2 - hostile)^2', [['hostile', 2]])
  const well = gallery[some[0]!]!
  const c = sourceOf({ ...well, landscape: named })
  expect(c).not.toMatch(/hostile/i)
  expect(c).toMatch(/^[\x20-\x7e\n]*$/)
})

it('a kernel refuses native code for a cell that was not prepared for it, and lacks it for one that was', async () => {
  const cell = gallery[some[0]!]!
  const [own, lanes] = [prepare(cell), native(cell)]
  const [module, thin] = [await compiledModule(own), await compiledModule(lanes)]
  expect(() => Kernel.create(module, own, () => 1)).toThrow('prepared for native lanes')
  expect(() => Kernel.create(thin, lanes)).toThrow('prepared for native lanes')
})

it('a formula with more coordinates than the stack has room for is refused', () => {
  const { places, ...lanes } = native(gallery[some[0]!]!)
  expect(nativeSource({ ...lanes, places: { ...places, stride: 100_000 } })).toEqual({
    refusal: 'native lanes do not support this cell yet (too many coordinates)',
  })
})
