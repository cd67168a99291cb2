import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { compile, type ModuleOf, modulesBy } from '@driftfarm/kernel'
import { KERNEL_VERSION } from '@driftfarm/spec'
import type { CompileTask } from './task.ts'

/**
 * Provides modules to callers that compute without a worker. `folder` is the cache that the workers of a home also use.
 * If `folder` is null, modules are compiled but not stored.
 */
export function cachedModules(folder: string | null): ModuleOf {
  return modulesBy(({ shape, source }) => shapeBytes({ shape, source, folder }))
}

/**
 * Returns the compiled module, from the folder if it is stored there. Compiling takes 0.15 s, but 1 s for the first
 * module of a thread, because the compiler is large. Throws a KernelError if the source cannot be compiled.
 */
export async function shapeBytes({ shape, source, folder }: CompileTask): Promise<Uint8Array> {
  const path = folder === null ? null : join(folder, `kernel-${KERNEL_VERSION}`, `${shape}.wasm`)
  const kept = path === null ? null : await readHashed(path)
  if (kept !== null && WebAssembly.validate(kept as BufferSource)) return kept
  const bytes = await compile(source)
  if (path !== null) await writeHashed(path, bytes)
  return bytes
}

const hashBytes = 32
const hashOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Reads bytes from a file that begins with their SHA-256; null if there is no such file or its hash is wrong. */
export async function readHashed(path: string): Promise<Uint8Array | null> {
  const file = await readFile(path).catch(() => null)
  if (file === null || file.length <= hashBytes) return null
  const bytes = file.subarray(hashBytes)
  return hashOf(bytes).equals(file.subarray(0, hashBytes)) ? Uint8Array.from(bytes) : null
}

/**
 * Writes a file that consists of the SHA-256 of the bytes, followed by the bytes. The file appears only when it is
 * complete. If it cannot be written, returns false instead of throwing, because the cache is optional.
 */
export async function writeHashed(path: string, bytes: Uint8Array): Promise<boolean> {
  const unfinished = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(unfinished, Buffer.concat([hashOf(bytes), bytes]))
    await rename(unfinished, path)
    return true
  } catch {
    await rm(unfinished, { force: true }).catch(() => undefined)
    return false
  }
}
