import { join } from 'node:path'
import { compile } from '@driftfarm/kernel'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { failureOf } from '../failure.ts'
import type { CompileAnswer, CompileTask } from '../task.ts'
import { keep, readKept } from './disk.ts'

/**
 * The module of a shape, from the folder or compiled. Compiling takes 0.15 s, and 1 s for the first shape of a thread,
 * since the compiler is large.
 */
export async function compileShape({ shape, source, folder }: CompileTask): Promise<CompileAnswer> {
  try {
    const path = folder === null ? null : join(folder, `kernel-${KERNEL_VERSION}`, `${shape}.wasm`)
    const kept = path === null ? null : await readKept(path)
    if (kept !== null && WebAssembly.validate(kept as BufferSource)) return { kind: 'compiled', bytes: kept }
    const bytes = await compile(source)
    if (path !== null) await keep(path, bytes)
    return { kind: 'compiled', bytes }
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) }
  }
}
