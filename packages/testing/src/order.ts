import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The slowest test files, slowest first (see `npm run test:full -- --last`). They start early, because a slow file that
 * started last would run alone at the end.
 */
const longest = [
  'e2e/package',
  'queue/src/conformance',
  'embedded/start',
  'worker/src/pool',
  'e2e/errors',
  'e2e/questions',
  'worker/src/worker',
  'farm/silence',
]
const place = ({ moduleId }: TestSpecification): number => {
  const at = longest.findIndex((name) => moduleId.endsWith(`${name}.test.ts`))
  return at < 0 ? longest.length : at
}

/** Sorts files by project, so that files that share a process stay together. In a project, the slowest come first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const known = await super.sort(files)
    return known.sort((a, b) => a.project.name.localeCompare(b.project.name) || place(a) - place(b))
  }
}
