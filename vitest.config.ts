import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/order.ts'

/** Packages that touch no machine: their files share a process, and with it the modules that they load. */
const pure = ['formula', 'spec', 'kernel', 'statistics', 'theory', 'report']
const filesOf = (name: string): string => `packages/${name}/**/*.test.ts`

/** What is compiled once is kept for all files of a run. */
const compiler = fileURLToPath(new URL('packages/testing/src/asc.ts', import.meta.url))
const keptModules = {
  name: 'kept-modules',
  enforce: 'pre' as const,
  resolveId: (id: string, importer?: string) =>
    id === 'assemblyscript/asc' && importer !== compiler ? compiler : null,
}

export default defineConfig({
  plugins: [keptModules],
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'pure', include: pure.map(filesOf), isolate: false } },
      {
        extends: true,
        test: {
          name: 'farm',
          include: [filesOf('*'), 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...pure.map(filesOf)],
        },
      },
    ],
  },
})
