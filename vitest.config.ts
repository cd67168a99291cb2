import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './packages/testing/src/order.ts'

/** Packages that touch no machine: their files share a process, and with it the modules that they load. */
const pure = ['formula', 'spec', 'kernel', 'statistics', 'theory', 'report']
const filesOf = (name: string): string => `packages/${name}/**/*.test.ts`

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
/** Files that only the full tier runs; others have parts that it alone runs. */
const slow = full ? [] : ['**/*.slow.test.ts']

/** What is compiled once is kept for all files of a run. */
const compiler = fileURLToPath(new URL('packages/testing/src/asc.ts', import.meta.url))
const keptModules = {
  name: 'kept-modules',
  enforce: 'pre' as const,
  resolveId: (id: string, importer?: string) =>
    id === 'assemblyscript/asc' && importer !== compiler ? compiler : null,
}

/**
 * Node itself loads the sources of pure packages, and tsx strips their types. In modules that vitest loads, each use of
 * an import reads a property, so that computations take up to twice as long. But coverage needs modules of vitest.
 */
const natively = process.argv.some((option) => option.startsWith('--coverage'))
  ? {}
  : {
      server: { deps: { external: [new RegExp(`/packages/(${pure.join('|')})/src/(?!.*\\.test\\.ts).*\\.ts$`)] } },
      execArgv: [
        '--import',
        'tsx',
        '--import',
        fileURLToPath(new URL('packages/testing/src/native/register.mjs', import.meta.url)),
      ],
    }

export default defineConfig({
  plugins: [keptModules],
  test: {
    // Some tests of the full tier compute for more than a minute, and take twice as long on a busy machine.
    testTimeout: full ? 600_000 : 120_000,
    hookTimeout: 120_000,
    // A busy machine may take longer than the default of one second, for example to load an editor after a reload.
    expect: { poll: { timeout: 15_000 } },
    // Each file leaves nothing behind, so the next may use its process: a new one loads everything anew.
    isolate: false,
    // One more than there are cores: a test that waits for a server leaves its core to another.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/generated/**', '**/*.generated.ts', '**/*.test.ts', 'packages/testing/**'],
    },
    projects: [
      {
        extends: true,
        test: { name: 'pure', include: pure.map(filesOf), exclude: ['**/node_modules/**', ...slow], ...natively },
      },
      {
        extends: true,
        test: {
          name: 'farm',
          include: [filesOf('*'), 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...slow, ...pure.map(filesOf)],
          globalSetup: 'packages/testing/src/setup.ts',
          ...natively,
        },
      },
    ],
  },
})
