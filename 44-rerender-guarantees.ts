// cd /work/wt/44 && nice node --import tsx /tmp/ed44/rerender.ts : writes docs/reference/guarantees.* again from its data,
// with the present texts of rows and controls. No test is run.
import { readFileSync, writeFileSync } from 'node:fs'
const root = '/work/wt/44'
const { rows } = await import(`${root}/test/chaos/rows/index.ts`)
const { controls } = await import(`${root}/test/chaos/controls.ts`)
const { writeSoak } = await import(`${root}/test/chaos/page/write.ts`)
const file = `${root}/docs/reference/guarantees.json`
const known = JSON.parse(readFileSync(file, 'utf8'))
const notes: readonly (readonly [RegExp, string])[] = [
  [/^work goes on /, 'work continues '],
  [/^computing while it was full: /, 'computing time while the disk was full: '],
  [/acknowledged submits, all complete/, 'acknowledged sweeps, all complete'],
  [/^another one leads after ([\d.]+ s) at most$/, 'another one leads after at most $1'],
  [/^the slowest: (.*), on after ([\d.]+ s)$/, 'slowest recovery: $1, $2'],
  [/^59 of 60 batches done, one failed and named$/, '59 of 60 batches finished, one failed and was named'],
  [/^all that was out is stored after (.*) \(median\), (.*) \(most\)$/, 'all dispatched work is stored after $1 (median), $2 (maximum)'],
  [/^10\^6 batches planned: (.*), the memory of the leader changed by/, '10^6 planned batches: $1, memory of the leading coordinator changed by'],
  [/fall silent/g, 'go silent'],
]
const said: readonly (readonly [RegExp, string])[] = [
  [/no new work is handed out/g, 'no new work is dispatched'],
  [/^nothing has come from (\S+) for N s/, 'no data from $1 for N s'],
  [/^error: nothing has come from (\S+) for N s/, 'error: no data from $1 for N s'],
]
for (const row of known.rows) {
  const now = rows.find(({ name }: { name: string }) => name === row.name)
  if (now !== undefined) Object.assign(row, { fault: now.fault, promise: now.promise })
  for (const told of row.told ?? [])
    told.words = said.reduce((text: string, [from, to]) => text.replace(from, to), told.words)
  row.notes = row.notes.map((note: string) => notes.reduce((text, [from, to]) => text.replace(from, to), note))
}
for (const control of known.controls) {
  const now = controls.find(({ name }: { name: string }) => name === control.name)
  if (now !== undefined) control.without = now.without
  control.said = control.said?.replace(/though another one leads: ((?:UPDATE|INSERT|DELETE) \w+)/g, 'although another one leads: `$1`')
}
writeFileSync(file, `${JSON.stringify(known, null, 1)}\n`)
writeSoak(known.soak)
