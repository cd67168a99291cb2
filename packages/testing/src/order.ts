import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take longest, the longest first (see `npm run test:full -- --last`): begun last, one of them would end
 * alone.
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

/** One project after the other, so that files which share a process are not parted; in each, the longest first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const known = await super.sort(files)
    return known.sort((a, b) => a.project.name.localeCompare(b.project.name) || place(a) - place(b))
  }
}
