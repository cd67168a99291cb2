import { expect, it } from 'vitest'
import { gallery } from '../agreement/gallery.fixture.ts'
import { compile, flags } from './compile.ts'
import { prepare } from './prepare.ts'
import { runtime } from './runtime.ts'

/** A separate instance of the compiler, which optimises as it does for users. The one that tests share does not. */
const instance = (name: string): Promise<typeof import('assemblyscript/asc')> =>
  import(/* @vite-ignore */ new URL(`../../node_modules/assemblyscript/dist/asc.js?${name}`, import.meta.url).href)

async function compileWithAll(source: string): Promise<Uint8Array | null> {
  const { main } = await instance('whole')
  const files: Readonly<Record<string, string>> = { ...runtime, 'landscape.ts': source }
  let binary: Uint8Array | null = null
  const sink = { write: () => true }
  const { error } = await main(['kernel.ts', '--outFile', 'kernel.wasm', '--optimizeLevel', '2', ...flags], {
    readFile: (name) => files[name] ?? null,
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') binary = contents
    },
    listFiles: () => [],
    stdout: sink,
    stderr: sink,
  })
  expect(error).toBe(null)
  return binary
}

const sources = Object.entries(gallery).map(([name, cell]) => [name, prepare(cell).source] as const)
/** The fast tier takes the first cell that draws by a square root of the library. */
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const drawsStudent = ([, source]: readonly [string, string]) => /studentFactor\(/.test(source)
const some = full ? sources : [sources.find(drawsStudent)!]

it.each(some)('a module has the same bytes by the library that is cut short: %s', async (_, source) => {
  const short = await compile(source, () => instance('short'))
  expect(Buffer.from(short)).toEqual(Buffer.from((await compileWithAll(source))!))
})
