import { expect, test } from 'vitest'
import { main } from './asc.ts'

const options = ['--runtime', 'stub', '--noAssert', '--use', 'abort=']

async function compiled(files: Readonly<Record<string, string>>) {
  let bytes: string | null = null
  const said: string[] = []
  const sink = { write: (text: string | Uint8Array) => said.push(String(text)) > 0 }
  const given = {
    readFile: (name: string) => files[name] ?? null,
    writeFile: (name: string, contents: string | Uint8Array) => {
      expect(name).toBe('out.wasm')
      bytes = Buffer.from(contents as Uint8Array).toString('hex')
    },
    listFiles: () => [],
    stdout: sink,
    stderr: sink,
  }
  const { error } = await main(['main.ts', '--outFile', 'out.wasm', ...options], given)
  return { bytes, said: said.join(''), error }
}

const files = (number: number) => ({
  'main.ts': "import { number } from './number'\nexport function answer(): i32 { return number }",
  'number.ts': `export const number: i32 = ${number}`,
})

test('the cache has modules of exactly these sources; failed compilations are reported each time', async () => {
  const first = await compiled(files(7))
  expect(first).toMatchObject({ bytes: expect.stringMatching(/^0061736d/), error: null })
  expect((await compiled(files(7))).bytes).toBe(first.bytes)
  // A file that is only imported counts as well.
  const other = await compiled(files(8))
  expect(other.bytes).not.toBe(first.bytes)
  const broken = { ...files(7), 'number.ts': 'export const number: i32 = ' }
  for (let time = 0; time < 2; time++) {
    const { bytes, said, error } = await compiled(broken)
    expect([bytes, said, error]).toEqual([null, expect.stringContaining('number.ts'), expect.any(Error)])
  }
})
