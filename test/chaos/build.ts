import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '@driftfarm/testing/command'
import { type BuildOptions, build as bundle, type Plugin } from 'esbuild'

/** A snippet of a source file, and its replacement. */
export interface Replacement {
  /** From the root of the checkout. */
  readonly file: string
  readonly snippet: string
  readonly by: string
}

/** A build: the folder in which the files of its processes are. */
export interface Build {
  readonly name: string
  readonly folder: string
}

/** What `infra/build.mjs` and `infra/program.mjs` export. */
export interface Usual {
  readonly modules: BuildOptions
  readonly program: (options: BuildOptions) => Promise<{ readonly files: ReadonlyMap<string, string | Uint8Array> }>
}

/**
 * Bundles the command and the processes of the test, as `infra/build.mjs` does, with these replacements. Throws if a
 * snippet does not occur exactly once, because the source has then changed and the safeguard would not be removed.
 */
export async function buildWith(name: string, replacements: readonly Replacement[]): Promise<Build> {
  // Packages outside of the bundle are resolved from this folder.
  const folder = join(root, 'packages/cli/dist/chaos', `${name}-${process.pid}`)
  await mkdir(join(folder, 'chunks'), { recursive: true })
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const done = new Set<Replacement>()
  const plugin: Plugin = {
    name: 'take-out',
    setup(esbuild) {
      const files = new Set(replacements.map(({ file }) => join(root, file)))
      esbuild.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!files.has(path)) return null
        let contents = readFileSync(path, 'utf8')
        for (const each of replacements.filter(({ file }) => file === relative(root, path))) {
          const parts = contents.split(each.snippet)
          if (parts.length !== 2)
            throw new Error(`${each.file} has this snippet ${parts.length - 1} times instead of once: ${each.snippet}`)
          contents = parts.join(each.by)
          done.add(each)
        }
        return { contents, loader: 'ts' }
      })
    },
  }
  const { modules }: Usual = await import(pathToFileURL(join(root, 'infra/build.mjs')).href)
  const { program }: Usual = await import(pathToFileURL(join(root, 'infra/program.mjs')).href)
  for (const [name, content] of (await program({ plugins: [plugin] })).files) writeFileSync(join(folder, name), content)
  await bundle({
    ...modules,
    write: true,
    entryPoints: {
      chaosWorker: join(root, 'test/chaos/entries/worker.ts'),
      chaosCoordinator: join(root, 'test/chaos/entries/coordinator.ts'),
    },
    outdir: folder,
    plugins: [plugin],
  })
  const left = replacements.filter((each) => !done.has(each))
  if (left.length > 0)
    throw new Error(`these files are not part of the bundle: ${left.map(({ file }) => file).join(', ')}`)
  return { name, folder }
}
