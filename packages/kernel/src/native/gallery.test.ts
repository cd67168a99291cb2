import { describe, expect, it } from 'vitest'
import { cellOf, drift, exits, formula } from '../agreement/cells.fixture.ts'
import { gallery } from '../agreement/gallery.fixture.ts'
import { agree } from './agreement.fixture.ts'
import { compiles, kernelsOf, targets } from './library.fixture.ts'

const noisy = cellOf({
  landscape: formula(['x', 'y'], 'x^4/4 + x*y + y^4/4'),
  start: [1, 0.3],
  update: { drift: [drift('gaussian', 'sigma', 0.4)] },
  trial: { escape: exits(['', 'x < 0']), steps: 60 },
})

/** Products that are rounded together with a difference. */
const fused =
  '({ F x; for (int i = 0; i < LANES; i++) x[i] = __builtin_fma(-((F)$1)[i], ((F)$2)[i], ((F)v_x0_0)[i]); (V)x; })'

describe('native libraries and WebAssembly give the same bits', compiles, () => {
  it.concurrent.each(Object.keys(gallery))('%s', (name) => agree(gallery[name]!, [], { name }))

  it.each([
    [
      'a fused product',
      /f64x2_mul\((v_\w+), (v_\w+)\);\n__auto_type (v_rt\d+) = f64x2_sub\(v_x0_0, v_rt\d+\)/,
      `i64x2_splat(0);\n__auto_type $3 = ${fused}`,
    ],
    [
      'a changed order of a sum',
      /v_(t\d+) = f64x2_add\((\w+), (\w+)\);([\s\S]*?)f64x2_add\(v_\1, (\w+)\)/,
      'v_$1 = f64x2_add($2, $3);$4f64x2_add(f64x2_add($2, $5), $3)',
    ],
    ['a shifted lane', /0, 2, 4, 6, 8, 10, 12, 14\)/, '2, 0, 4, 6, 8, 10, 12, 14)'],
  ])('a defect changes the digest: %s', async (_, place, defect) => {
    const { ordinary, native } = await kernelsOf(noisy, [], targets.slice(0, 1), (c) => {
      // The whole text would be the message if `toMatch` failed.
      expect(place.test(c)).toBe(true)
      return c.replace(place, defect)
    })
    const [expected, found] = [ordinary, ...native].map((kernel) => kernel.run(0, 40, { keep: false, horizons: [] }))
    expect(found!.digest).not.toBe(expected!.digest)
  })

  it('a crash becomes an error', async () => {
    const crash = (c: string) => c.replace('int64_t taken = f_landscape_steps', '*(volatile int *)8 = 0;\n  $&')
    const { native } = await kernelsOf(noisy, [], targets.slice(0, 1), crash)
    for (let time = 0; time < 2; time++)
      expect(() => native[0]!.run(0, 40, { keep: false, horizons: [] })).toThrow('the code crashed')
  })
})
