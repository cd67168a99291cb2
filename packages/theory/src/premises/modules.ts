import { compile, type PreparedCell } from '@driftfarm/kernel'
import { Remembered } from './remembered.ts'

/** Where compiled modules come from: a caller with a cache of its own lends it. */
export type ModuleOf = (prepared: PreparedCell) => Promise<WebAssembly.Module>

/** A cell has two or three shapes beside its own. */
const shapes = 8
const known = new Remembered<Promise<WebAssembly.Module>>(shapes)

/** Compiles each shape once, for callers without a cache. */
export function compiledModule({ shape, source }: PreparedCell): Promise<WebAssembly.Module> {
  const module = known.get(shape, () => make(source))
  module.catch(() => known.forget(shape))
  return module
}

async function make(source: string): Promise<WebAssembly.Module> {
  return new WebAssembly.Module((await compile(source)) as BufferSource)
}
