import { parseSweep } from '@driftfarm/spec'
import { expect, it } from 'vitest'
import { cellOf, doubleWell, exits, formula, indexed } from '../agreement/cells.fixture.ts'
import { hostileSpecs } from '../agreement/hostile.fixture.ts'
import { compile, Kernel, KernelError, prepare } from '../index.ts'
import { headers } from './headers.generated.ts'
import { isFullTier, sourceOf } from './library.fixture.ts'
import { nativeSource } from './source.ts'

/** Words of C and names of the headers. All other names of a text have a prefix of the translation. */
const known = new Set(
  (
    Object.values(headers).join('\n') +
    ' else for if while break continue return define all true uint8_t __typeof__ INFINITY NAN'
  ).match(/[A-Za-z_]\w*/g),
)
const token = /0x[\da-f]+u?|\d+(\.\d+)?(e[-+]?\d+)?u?|[A-Za-z_]\w*|[-+*/%&|^~!<>=?:;,.(){}[\]#\s]/gy

/** Words of the text that neither the headers nor the translation make. */
function strangers(c: string): string[] {
  const own = Object.values(headers).reduce((text, header) => text.replace(header, ''), c)
  const tokens = own.match(token) ?? []
  const end = tokens.join('').length
  expect(own.slice(end, end + 40)).toBe('')
  return tokens.filter((each) => /^[A-Za-z_]/.test(each) && !known.has(each) && !/^(v_|f_|c_|g_|d_)\w+$/.test(each))
}

/** The quick tier takes one in eight. */
const hostile = Object.keys(hostileSpecs).filter((_, i) => isFullTier || i % 8 === 0)

it.each(hostile)('no text of a spec: %s', async (name) => {
  const prepared = (() => {
    try {
      const { cell, tables } = parseSweep(JSON.stringify(hostileSpecs[name]!()), { fileName: 'hostile.json' }).cell(0)
      return prepare(cell, tables, [], { native: true })
    } catch (error) {
      if (error instanceof Error && /^(Spec|Formula|Kernel)Error$/.test(error.name)) return null
      throw error
    }
  })()
  const source = prepared === null ? { refusal: '' } : await nativeSource(prepared)
  if ('c' in source) expect(strangers(source.c)).toEqual([])
})

it('names of a spec are not in the text', async () => {
  const trial = { escape: exits(['secretExit', 'loss > 3']) }
  const landscapes = [
    formula(['secretVariable'], '(secretVariable^2 - secretNumber)^2', [['secretNumber', 1]]),
    indexed(12, 'sum(secretIndex, 1, 12, x[secretIndex]^2) + prod(secretOther, 2, 9, sin(x[secretOther]))'),
  ]
  for (const landscape of landscapes) {
    const start = new Array<number>(landscape.dimension).fill(1)
    expect(/secret/i.test(await sourceOf(cellOf({ landscape, start, trial })))).toBe(false)
  }
})

it('a kernel has a library only if its cell was prepared for one', async () => {
  const cell = cellOf({ landscape: doubleWell, start: [1] })
  for (const native of [false, true]) {
    const prepared = prepare(cell, [], [], { native })
    const module = new WebAssembly.Module((await compile(prepared.source)) as BufferSource)
    const create = () => Kernel.create(module, prepared, native ? undefined : () => 1)
    expect(create).toThrow(KernelError)
    if (!native) continue
    const failing = Kernel.create(module, prepared, () => -2)
    expect(() => failing.run(0, 1, { keep: false, horizons: [] })).toThrow(/the code crashed/)
  }
})
