import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSweep } from '@driftfarm/spec'
import { driftfarm, root } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { describe, expect, test } from 'vitest'
import { committor } from '../../infra/gallery/committor.ts'
import { entries } from '../../infra/gallery/entries.ts'
import { type Command, figuresOf, linkOf, pageOf, type Theirs } from '../../infra/gallery/entry.ts'
import { coarse, questionOf } from '../../infra/gallery/exact.ts'
import { alphaOf, judged } from '../../infra/gallery/judge.ts'
import { studyOf } from '../../infra/gallery/study.ts'

const home = servedHome()
const gallery = join(root, 'docs/gallery')
const overview = readFileSync(join(gallery, 'index.md'), 'utf8')

const command: Command = async (words) => {
  const { code, stdout, stderr } = await driftfarm(words, { home })
  // The limits of a threshold from few trials are wide, which is exit code 3.
  if (code !== 0 && code !== 3) throw new Error(`driftfarm ${words.join(' ')} ended with exit code ${code}: ${stderr}`)
  return stdout
}

/** Another number, so far off that even the few trials of the small tier must disagree. */
function changed(theirs: Theirs): Theirs {
  switch (theirs.kind) {
    case 'count': {
      const { events, trials } = theirs
      return { ...theirs, events: events + (2 * events < trials ? 0.4 : -0.4) * trials }
    }
    case 'value':
      return { ...theirs, value: theirs.value === 0 ? 1 : 10 * theirs.value }
    case 'range':
      return theirs.low === 0
        ? { ...theirs, low: theirs.high, high: Number.POSITIVE_INFINITY }
        : { ...theirs, low: 0, high: theirs.low }
    case 'said':
      return theirs
  }
}

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
/** The fast tier computes only some of those that take little time. */
const computed = full ? new Set(entries.map(({ name }) => name)) : new Set(['gamblers-ruin', 'mean-exit'])

describe.each(entries.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  test('has a page, a valid spec, and a figure', () => {
    const page = readFileSync(join(gallery, pageOf(entry)), 'utf8').replaceAll(/\s+/g, ' ')
    expect(page).toContain(`npm run gallery -- ${name}`)
    for (const mark of [`<!-- table ${name} -->`, `<!-- /table ${name} -->`]) expect(page).toContain(mark)
    for (const [figure] of figuresOf(entry)) {
      expect(page).toContain(`images/${figure}.svg`)
      expect(existsSync(join(gallery, 'images', `${figure}.svg`))).toBe(true)
    }
    expect(page).toContain(entry.spec.replace('docs/gallery/', '').replace('examples/', '../../examples/'))
    expect(overview).toContain(`- [${entry.title}](${linkOf(entry)}), `)
    const readBytes = (path: string) => readFileSync(join(root, dirname(entry.spec), path))
    const sweep = parseSweep(readFileSync(join(root, entry.spec), 'utf8'), { fileName: entry.spec, readBytes })
    expect(sweep.cellCount).toBeGreaterThan(0)
  })

  // The seeds of the specs are fixed, so the result never changes.
  if (computed.has(name))
    test('a few trials agree with its numbers, and disagree with changed numbers', async () => {
      const study = await studyOf(entry, { command, small: home }, 1 - alphaOf(entry))
      const rows = await judged(entry, study)
      const tested = rows.filter(({ agrees }) => agrees !== null)
      expect(tested.length).toBeGreaterThan(0)
      const against = tested.filter(({ agrees }) => !agrees)
      expect(against.map(({ row, ours }) => ({ row: row.labels, theirs: row.theirs, ours }))).toEqual([])

      const other = { ...entry, rows: entry.rows.map((row) => ({ ...row, theirs: changed(row.theirs) })) }
      const refused = (await judged(other, study)).filter(({ agrees }) => agrees === false)
      expect(refused.map(({ row }) => row.labels)).toEqual(tested.map(({ row }) => row.labels))
    })
})

// The exact values of the pages, from a finer resolution. Another program confirms the one of two channels.
const planes = [
  ['two-channels', 4.67, 4.61049622992e-5],
  ['mueller-brown', 0.1, 1.8292922e-5],
] as const
test.each(full ? planes : planes.slice(0, 1))('%s at beta %s by quadrature in the plane', (name, beta, probability) => {
  expect(committor(questionOf(name, beta, 14), coarse) / probability).toBeCloseTo(1, 2)
})
