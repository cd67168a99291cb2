import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import type { Guarantees, Soak } from './document.ts'
import { recoveryFigure, throughputFigure } from './figures.ts'
import { pageOf } from './page.ts'

const data = join(root, 'docs/reference/guarantees.json')

function read(): Guarantees | null {
  return existsSync(data) ? (JSON.parse(readFileSync(data, 'utf8')) as Guarantees) : null
}

function write(guarantees: Guarantees): void {
  const { medley, recoveryS } = guarantees
  writeFileSync(data, `${JSON.stringify(guarantees, null, 1)}\n`)
  writeFileSync(join(root, 'docs/reference/guarantees.md'), pageOf(guarantees))
  const images = join(root, 'docs/images')
  if (medley !== null) writeFileSync(join(images, 'chaos-throughput.svg'), throughputFigure(medley))
  if (recoveryS.length > 0) writeFileSync(join(images, 'chaos-recovery.svg'), recoveryFigure(recoveryS))
}

/**
 * Writes page, data and figures, and keeps the results of the last soak. A run of only some rows replaces only these.
 * `order` lists the names of all rows and controls.
 */
export function writeChaos(given: Omit<Guarantees, 'soak'>, order: readonly string[], isWhole: boolean): void {
  const known = read()
  const soak = known?.soak ?? null
  if (isWhole || known === null) {
    write({ ...given, soak })
    return
  }
  const merged = <T extends { readonly name: string }>(now: readonly T[], before: readonly T[]): T[] =>
    [...now, ...before.filter(({ name }) => !now.some((each) => each.name === name))].toSorted(
      (a, b) => order.indexOf(a.name) - order.indexOf(b.name),
    )
  write({
    made: { ...given.made, minutes: known.made.minutes },
    rows: merged(given.rows, known.rows),
    allRows: given.allRows,
    controls: merged(given.controls, known.controls),
    medley: given.medley ?? known.medley,
    recoveryS: given.recoveryS.length > 0 ? given.recoveryS : known.recoveryS,
    soak,
  })
}

/** Adds the results of a soak to the page that a run of `npm run test:chaos` has written. */
export function writeSoak(soak: Soak): void {
  const known = read()
  if (known === null)
    throw new Error('docs/reference/guarantees.json is missing; run `npm run test:chaos -- --write` first')
  write({ ...known, soak })
}
