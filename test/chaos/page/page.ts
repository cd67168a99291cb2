import { statements } from '../../../packages/database/src/ledger/invariants.ts'
import type { Guarantees, Made, Soak } from './document.ts'
import { defects } from './track.ts'

const number = (value: number): string => value.toLocaleString('en')
const seconds = (value: number): string => value.toFixed(1)

/** The page of a run, as Markdown. */
export function pageOf(guarantees: Guarantees): string {
  const { made, rows, controls, medley, recoveryS, soak } = guarantees
  const parts = [
    '# What is guaranteed, and how it is tried',
    `Written by \`npm run test:chaos -- --write\` and \`npm run test:soak -- --write\`; the data is in
[guarantees.json](guarantees.json).`,
    promise(guarantees),
    '## Invariants',
    invariants(),
    '## Faults',
    faults(guarantees),
    ...(medley === null
      ? []
      : ['![Trials a second while one thing after another happens to a farm](images/chaos-throughput.svg)']),
    ...(recoveryS.length === 0
      ? []
      : ['![From the death of a worker to the commit of its batch by another](images/chaos-recovery.svg)']),
    '## Can the tests fail?',
    controlTable(controls),
    '## Soak',
    soakText(soak),
    '## Track record',
    trackRecord(),
    '## Not covered',
    notCovered,
    '## Run it again',
    again(made, rows.length),
  ]
  return `${parts.join('\n\n')}\n`
}

function promise({ rows, made }: Guarantees): string {
  const broken = rows.filter((row) => row.broken !== null).map(({ name }) => name)
  const held =
    broken.length === 0
      ? 'In the run below this held in every row.'
      : `In the run below it did **not** hold in: ${broken.join(', ')}.`
  return `**A sweep that says \`complete\` has every trial that was asked for, each exactly once, with the bits that any
other worker would have computed, whichever processes, connections or servers failed meanwhile.** A batch whose worker
is killed is stored by another within 20 s, 19 of 20 within 15 s.

The limits: PostgreSQL keeps what it has acknowledged (\`fsync\` and \`synchronous_commit\` on, a disk that does not lie),
workers run code that computes what it says, and somebody frees a full disk or starts a server that stays away. Until
then the farm waits; it does not lose what is done. ${held} (commit ${made.commit}, ${made.date})`
}

const invariantWords = {
  I1: 'Complete: every trial that was asked for is accounted for, from the first to the last, without a gap.',
  I2: 'Once: no trial lies in two batches, no batch tallies another number of trials than it has, and nothing that is done is still handed out.',
  I4: 'Nothing extra: no outcome lies outside the ledger of its cell, and no batch beyond what was handed out.',
} as const

function invariants(): string {
  const blocks = Object.entries(invariantWords).map(
    ([name, words]) =>
      `**${name}.** ${words}\n\n\`\`\`sql\n${(statements[name as keyof typeof statements] as string).trim()}\n\`\`\``,
  )
  return `The leader asks these three of the database before a sweep may say \`complete\`; the run asks them again after each
row. Parameters: \`$1\` sweep, \`$2\` and \`$3\` the range of its cells, \`$5\` the cells to be looked at closely. Every row
that comes back is a violation.

${blocks.join('\n\n')}

After each row it also looks that the digest of every cell is that of a run with which nothing happened (I3: computed
again, trials give the stored bits), that queue, \`farm.pending\`, \`farm.bundle\` and \`farm.news\` are empty, that no batch
failed for another reason than a worker that fell silent, and that every sweep whose submission was acknowledged is
complete. \`driftfarm verify SWEEP\` asks the same of any sweep.`
}

function faults({ rows, made }: Guarantees): string {
  const head = `| fault | times | trials planned = stored | commits that came twice | digests that differ | recovery p50 / p95 / max, s | handed out again | wall, s |
|---|---|---|---|---|---|---|---|`
  const lines = rows.map((row) => {
    const { fault, times, planned, stored, duplicates, mismatches, recovery, again, wallS, broken, notes, name } = row
    const trials = planned === 0 ? '' : planned === stored ? number(planned) : `${number(stored)} of ${number(planned)}`
    const spread = recovery === null ? '' : [recovery.p50, recovery.p95, recovery.max].map(seconds).join(' / ')
    const share = planned === 0 ? '' : `${(100 * again).toFixed(1)} %`
    const told = [...notes, ...(broken === null ? [] : [`**not held: ${broken.split('\n')[0]}**`])].join('; ')
    const what = `\`${name}\`: ${fault}. Then: ${row.promise}${told === '' ? '' : `. ${told}`}`
    return `| ${what.replaceAll('|', '\\|')} | ${times} | ${trials} | ${duplicates ?? ''} | ${mismatches} | ${spread} | ${share} | ${seconds(wallS)} |`
  })
  const times = rows.reduce((sum, row) => sum + row.times, 0)
  const stored = rows.reduce((sum, row) => sum + row.stored, 0)
  return `${number(times)} faults, ${number(stored)} trials, seed ${made.seed}${made.scale === 1 ? '' : `, ${made.scale} of the full counts`}. Every row runs real processes of the
built command on a PostgreSQL and a Redis of its own. *Commits that came twice* were each compared with the stored
digest; the column is empty where only the command's own workers ran, which do not tell of them. *Handed out again* is
how many batches were given to a second worker, as part of all: work done twice is at most that.

${[head, ...lines].join('\n')}`
}

function controlTable(controls: Guarantees['controls']): string {
  const lines = controls.map(({ without, row, caughtIn, runs, said }) => {
    const how = caughtIn === null ? `**not in ${runs} runs**` : `run ${caughtIn}`
    return `| ${without} | \`${row}\` | ${how} | ${said.replaceAll('|', '\\|')} |`
  })
  return `Builds of the product with exactly one safeguard taken out, each under the row that should notice. A snippet that is no
longer in the source once is an error, and one that is not noticed fails the run.

| without | row | noticed in | what was noticed |
|---|---|---|---|
${lines.join('\n')}`
}

function soakText(soak: Soak | null): string {
  if (soak === null) return 'Not run yet: `npm run test:soak -- --write`.'
  const { minutes, sweeps, trials, faults: done, lives, connections, redisConnections, redisKeys, deadRows } = soak
  const range = (values: readonly number[]): string =>
    values.length === 0 ? '' : `${number(Math.min(...values))} to ${number(Math.max(...values))}`
  const told = Object.entries(done)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ')
  const lines = lives
    .filter(({ grownMb }) => grownMb !== null)
    .map(
      ({ process, life, heapMb, residentMb, grownMb }) =>
        `| ${process}${life > 1 ? `, life ${life}` : ''} | ${heapMb.length} | ${seconds(heapMb.at(-1)!)} | ${grownMb!.toFixed(2)} | ${seconds(residentMb.at(-1)!)} |`,
    )
  const verdict = soak.broken.length === 0 ? 'All of it held.' : `**Not held: ${soak.broken.join('; ')}.**`
  return `${minutes} minutes, ${sweeps} sweeps of ${number(trials)} trials in all, one after another, with a fault every half a minute:
${told}. Measured each minute, heaps after a collection; a process that was killed begins anew and is compared with
itself alone.

| process | minutes | heap at the end, MB | grown since its fifth minute, MB (goal < 5) | resident, MB |
|---|---|---|---|---|
${lines.join('\n')}

From the fifth minute on: connections to PostgreSQL ${range(connections.slice(4))}, to Redis ${range(redisConnections.slice(4))}, keys in
Redis ${range(redisKeys.slice(4))}, dead rows ${range(deadRows.slice(4))}. ${verdict} (commit ${soak.made.commit}, ${soak.made.date})`
}

function trackRecord(): string {
  const lines = defects.map(
    ({ what, found, mended, again: how }) => `| ${what} | ${found} | ${mended ?? '**open**'} | ${how} |`,
  )
  return `Defects of the farm that faults have shown. The last column is an option of \`npm run test:chaos --\`.

| what | found by | mended in | shows it again |
|---|---|---|---|
${lines.join('\n')}`
}

const notCovered = `- Disks that lie: lost or damaged pages of PostgreSQL, \`fsync\` that does nothing.
- Workers that lie on purpose. One that computes other bytes is found where a batch is computed twice, or by \`driftfarm
  verify\`, and not before.
- Defects of PostgreSQL, Redis, Node and the kernel of the system.
- Several machines: all processes of the run are on one. What lies between machines is played by a TCP proxy that
  silences, resets, stalls and delays; clocks that differ by libfaketime before the server alone.
- Clocks before 1970, and machines whose clocks differ by more than 10 s with the queue on PostgreSQL: jobs are then
  computed twice.
- Fail-over to a PostgreSQL replica that lags behind: acknowledged transactions are gone there.
- Other systems than Linux.`

function again(made: Made, rows: number): string {
  return `\`npm run test:chaos\` takes ${Math.round(made.minutes)} minutes for ${rows} rows and the controls on this machine; \`-- --only NAME\` runs what begins
with the name, \`--seed S\` another order of events, \`--scale 0.05\` a twentieth of the counts, \`--write\` writes this page.
It needs root on Linux (to mount a small disk) and installs \`redis-server\` and \`faketime\` of Debian where they are not.
\`npm run test:soak\` takes 30 minutes (\`-- --minutes N\`).

| | |
|---|---|
| commit, date | ${made.commit}, ${made.date} |
| Node, PostgreSQL, Redis | ${made.node}, ${made.postgres}, ${made.redis} |
| machine | ${made.machine} |`
}
