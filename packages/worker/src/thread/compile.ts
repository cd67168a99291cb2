import { join } from 'node:path'
import { compile } from '@driftfarm/kernel'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { failureOf } from '../failure.ts'
import type { CompileAnswer, CompileTask } from '../task.ts'
import { readHashed, writeHashed } from './disk.ts'

export async function compileShape(task: CompileTask): Promise<CompileAnswer> {
  try {
    return { kind: 'compiled', bytes: await shapeBytes(task) }
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) }
  }
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
