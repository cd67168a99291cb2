import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { build } from 'esbuild'
import type { Usual } from '../../chaos/build.ts'
import { printTable } from '../kernel/measure.ts'
import { formats, images, imagesSpec, shape, writeParquet } from './images.ts'

const run = promisify(execFile)
const limits = { seconds: 5, peakMB: 1024 } as const

interface Loaded {
  readonly rows: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMB: number
}

/** Time and memory to read 60,000 images of 784 bytes, in each format, in a process for each. */
export async function benchLoading(): Promise<void> {
  const folder = temporaryFolder('driftfarm-bench-')
  const loader = await bundled()
  try {
    const all = images(shape.train, 1)
    const sources = Object.entries(formats).map(([name, write]) => [name, write(folder.path, 'train', all)] as const)
    const files = [...sources, ['Parquet', await writeParquet(folder.path, 'train')] as const]
    const measured: (readonly [string, Loaded])[] = []
    for (const [name, source] of files) {
      const spec = join(folder.path, 'load.json')
      writeFileSync(spec, JSON.stringify(imagesSpec(source, { trials: 1 })))
      const { stdout } = await run(process.execPath, [loader, spec])
      const loaded: Loaded = JSON.parse(stdout)
      if (loaded.rows !== shape.train) throw new Error(`${name}: ${loaded.rows} rows`)
      measured.push([name, loaded])
    }
    printTable(
      `Reading ${shape.train.toLocaleString('en')} images of ${shape.pixels} bytes`,
      ['file', 'elapsed s', 'processor s', 'peak MB', 'goal: 5 s of processor time, 1,024 MB'],
      measured.map(([name, { seconds, cpuSeconds, peakMB }]) => {
        const isMet = cpuSeconds <= limits.seconds && peakMB <= limits.peakMB
        return [name, seconds.toFixed(2), cpuSeconds.toFixed(2), peakMB.toFixed(0), isMet ? 'met' : 'missed']
      }),
    )
  } finally {
    rmSync(loader, { force: true })
    folder.remove()
  }
}

/** Bundles load.ts, because the TypeScript loader would slow down every call of a nested function. */
async function bundled(): Promise<string> {
  const { modules }: Usual = await import(pathToFileURL(join(root, 'infra/build.mjs')).href)
  const outfile = join(root, `packages/cli/dist/load-${process.pid}.js`)
  const entryPoints = [join(import.meta.dirname, 'load.ts')]
  await build({ ...modules, entryPoints, outfile, write: true })
  return outfile
}
