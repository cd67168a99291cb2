/** Resolves `assemblyscript/asc` to the caching compiler, except for imports by the caching compiler itself. */
const compiler = new URL('../asc.ts', import.meta.url).href

export function resolve(specifier, context, next) {
  if (specifier !== 'assemblyscript/asc' || context.parentURL === compiler) return next(specifier, context)
  return next(compiler, context)
}
