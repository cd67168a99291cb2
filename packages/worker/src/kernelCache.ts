import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
// The index of the package would load all of it in each thread.
import { setUpFolder } from '@driftfarm/database/bundle'
import { nullIf } from '@driftfarm/formula'
import { ends, type ModuleOf, modulesBy, type TrainedStore } from '@driftfarm/kernel'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { settings } from './settings.ts'
import type { CompileTask } from './task.ts'

/**
 * Provides modules to callers that compute without a worker. `folder` is the cache that the workers of a home also use.
 * If `folder` is null, modules are compiled but not stored, and training runs are not stored either.
 */
export function cachedModules(folder: string | null): ModuleOf {
  const module = modulesBy(({ shape, source }) => shapeBytes({ shape, source, folder }))
  return Object.assign(module, { trained: trainedFiles(folder) })
}

/** Keeps training runs in files: the index of their end, then theta. The oldest files make room for new ones. */
export function trainedFiles(folder: string | null): TrainedStore | undefined {
  if (folder === null) return undefined
  const files = join(folder, 'training')
  return {
    read(key) {
      const bytes = readHashed(join(files, key))
      if (bytes === null) return null
      const numbers = new Float64Array(bytes.buffer)
      return { ends: [ends[numbers[0]!]!], theta: numbers.subarray(1) }
    },
    write(key, trained) {
      const numbers = new Float64Array(1 + trained.theta.length)
      numbers[0] = ends.indexOf(trained.ends[0]!)
      numbers.set(trained.theta, 1)
      try {
        if (writeHashed(join(files, key), new Uint8Array(numbers.buffer))) removeOldest(files, settings.trainingBytes)
      } catch {
        // Others may remove or read the same files, or remove the whole folder.
      }
    },
  }
}

/** Removes the oldest files of a folder until the others have at most this size together. */
export function removeOldest(folder: string, mostBytes: number): void {
  const found = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat === undefined || stat.isDirectory() ? [] : [{ path, size: stat.size, at: stat.mtimeMs }]
  })
  let bytes = 0
  for (const { path, size } of found.sort((one, other) => other.at - one.at)) {
    bytes += size
    if (bytes > mostBytes) rmSync(path, { force: true })
  }
}

/**
 * Returns the compiled module, from the folder or from the modules of the examples if it is there. Compiling takes
 * 0.15 s, but 1 s for the first module of a thread, because the compiler is large. Throws a KernelError if the source
 * cannot be compiled.
 */
export async function shapeBytes({ shape, source, folder }: CompileTask): Promise<Uint8Array> {
  const folders = [...(folder === null ? [] : [folder]), setUpFolder('kernels')]
  for (const path of folders.map((each) => fileOf(each, shape))) {
    const kept = readHashed(path)
    if (kept !== null && WebAssembly.validate(kept as BufferSource)) return kept
  }
  return compileInto(folder, { shape, source })
}

async function compileInto(folder: string | null, { shape, source }: Shape): Promise<Uint8Array> {
  const { compile } = await import('@driftfarm/kernel')
  const bytes = await compile(source)
  if (folder !== null) writeHashed(fileOf(folder, shape), bytes)
  return bytes
}

/** Compiles a shape that is not in this folder yet. */
export async function ensureModule(folder: string | null, shape: Shape): Promise<void> {
  if (folder === null || !existsSync(fileOf(folder, shape.shape))) await compileInto(folder, shape)
}

type Shape = Pick<CompileTask, 'shape' | 'source'>

const fileOf = (folder: string, shape: string): string => join(folder, `kernel-${KERNEL_VERSION}`, `${shape}.wasm`)

const hashBytes = 32
const hashOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Reads bytes from a file that begins with their SHA-256; null if there is no such file or its hash is wrong. */
export function readHashed(path: string): Uint8Array<ArrayBuffer> | null {
  const file = nullIf(Error, () => readFileSync(path))
  const bytes = file?.subarray(hashBytes) ?? new Uint8Array()
  return bytes.length > 0 && hashOf(bytes).equals(file!.subarray(0, hashBytes)) ? Uint8Array.from(bytes) : null
}

/**
 * Writes a file that consists of the SHA-256 of the bytes, followed by the bytes. The file appears only when it is
 * complete. If it cannot be written, returns false instead of throwing, because the cache is optional.
 */
export function writeHashed(path: string, bytes: Uint8Array): boolean {
  const unfinished = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(unfinished, Buffer.concat([hashOf(bytes), bytes]))
    renameSync(unfinished, path)
    return true
  } catch {
    if (existsSync(unfinished)) rmSync(unfinished, { force: true })
    return false
  }
}
