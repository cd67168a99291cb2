/**
 * Arguments of Node for a thread or process whose file is a TypeScript source. `--import tsx` would not do: in a
 * thread, it has no effect on some versions of Node.
 */
export const sourceArguments = (): string[] => {
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  return ['--import', `data:text/javascript,import { register } from ${tsx}; register()`]
}
