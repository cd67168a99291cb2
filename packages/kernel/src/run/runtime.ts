import { memorySource } from '../memory/map.ts'
import { assembly } from './assembly.generated.ts'

/**
 * The files of the runtime by name. They are apart from the compiler, because a page prepares cells but compiles none.
 */
export const runtime: Readonly<Record<string, string>> = { ...assembly, 'memory.ts': memorySource }
