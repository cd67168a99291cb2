export { compilerFlags, nativeSource } from './source.ts'
