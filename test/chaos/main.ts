import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '@driftfarm/testing/command'
import { buildWith } from './build.ts'
import { type Caught, controls, runControl } from './controls.ts'
import { Lab } from './lab.ts'
import { madeNow } from './page/made.ts'
import { writeChaos } from './page/write.ts'
import { rows } from './rows/index.ts'
import { pulses } from './rows/medley.ts'
import { type Report, runRow } from './run.ts'
import { closeBrowser, toldText } from './witness.ts'

// `npm run test:chaos [-- --only NAME --seed S --scale 0.05 --write]` runs every row of the table of faults on real
// processes, then builds that lack a safeguard. `--write` writes docs/reference/guarantees.md, its figures and data.
const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    scale: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
    // To measure the effect of a change without editing the source: 'FILE: SNIPPET => REPLACEMENT'.
    replace: { type: 'string', multiple: true, default: [] },
  },
})
const [seed, scale] = [Number(values.seed), Number(values.scale)]
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

const isWanted = ({ name }: { readonly name: string }): boolean =>
  values.only === undefined || values.only.some((text) => name.startsWith(text))
const wanted = rows.filter(isWanted)
const without = controls.filter(isWanted)
if (wanted.length + without.length === 0) {
  const names = [...rows, ...controls].map(({ name }) => name)
  console.error(
    `no name begins with ${values.only?.join(' or ')}; the names of rows and controls are ${names.join(', ')}`,
  )
  process.exit(2)
}
const say = (line: string): void => console.log(line)
// Builds the sources in the checkout, which are then run.
execFileSync(process.execPath, [join(root, 'infra/setup.mjs')], { stdio: ['ignore', 'inherit', 'inherit'] })
const replacements = values.replace.map((text) => {
  const [, file = '', snippet = '', by = ''] = /^(.*?): (.*) => (.*)$/.exec(text) ?? []
  return { file, snippet, by }
})
const instrumented = await buildWith('instrumented', replacements)
const product = replacements.length > 0 ? { product: instrumented } : {}
const lab = new Lab({ seed, scale, say, witness: true, builds: { instrumented, ...product } })
const began = performance.now()
const reports: Awaited<ReturnType<typeof runRow>>[] = []
const caught: Caught[] = []
try {
  for (const row of wanted) {
    const report = await runRow(row, lab)
    reports.push(report)
    say(lineOf(report))
    write(false)
  }
  for (const control of without) {
    const found = await runControl(control, lab, rows)
    caught.push(found)
    say(controlLine(found))
    write(false)
  }
} finally {
  await lab.close()
  await closeBrowser()
}
const failed =
  reports.filter(({ broken }) => broken !== null).length + caught.filter(({ caughtIn }) => caughtIn === null).length
say(
  `${reports.length + caught.length - failed} of ${reports.length + caught.length} passed, seed ${seed}, scale ` +
    `${scale}`,
)
write(values.only === undefined)
process.exit(failed > 0 ? 1 : 0)

function controlLine({ name, without, row, caughtIn, runs, said, wallS }: Caught): string {
  const how = caughtIn === null ? `not caught in ${runs} runs` : `caught in run ${caughtIn}: ${said}`
  const verdict = caughtIn === null ? 'FAIL' : 'ok  '
  return `${verdict} control ${name}: without ${without}, ${row} ${how}, ${wallS.toFixed(1)} s`
}

function lineOf(report: Report): string {
  const { name, broken, times, sweeps, stored, planned, duplicates, recovery, again, wallS, notes } = report
  const parts = [
    `${broken === null ? 'ok  ' : 'FAIL'} ${name}: ${times} times, ${sweeps} sweeps, ${stored} of ${planned} trials`,
    ...(duplicates === null ? [] : [`${duplicates} duplicates`]),
    ...(recovery === null
      ? []
      : [
          `recovery of ${recovery.batches} batches: p50 ${recovery.p50.toFixed(1)} s, ` +
            `p95 ${recovery.p95.toFixed(1)} s, max ${recovery.max.toFixed(1)} s`,
        ]),
    `dispatched again ${(100 * again).toFixed(1)} %`,
    `${wallS.toFixed(1)} s`,
    ...notes,
    ...toldLines(report),
  ]
  const repeat = `  to repeat: npm run test:chaos -- --only ${name} --seed ${report.seed} --scale ${scale}`
  return broken === null ? parts.join(', ') : `${parts.join(', ')}\n  ${broken}\n${repeat}`
}

/** The messages that users saw, one line each. */
function toldLines({ told, clientS }: Report): string[] {
  return [
    ...(clientS === null ? [] : [`clients ended at most ${clientS.toFixed(1)} s after their sweep`]),
    ...(told ?? []).map(({ words, by }) => `\n     "${words}": ${toldText(by)}`),
  ]
}

/** Writes the results so far, so that an interrupted run is not lost. */
function write(isWhole: boolean): void {
  if (!values.write) return
  const made = madeNow({ seed, scale, minutes: (performance.now() - began) / 60_000 })
  const of = (name: string) => reports.find((report) => report.name === name)
  const order = [...rows, ...controls].map(({ name }) => name)
  writeChaos(
    {
      made,
      rows: reports.map(({ recoveryS: _, marks: __, ...report }) => report),
      allRows: rows.length,
      controls: caught,
      medley: pulses.length === 0 ? null : { pulses, marks: of('medley')?.marks ?? [] },
      recoveryS: of('worker-kill')?.recoveryS ?? [],
    },
    order,
    isWhole,
  )
}
