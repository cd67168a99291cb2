import { statements } from '../../../packages/database/src/ledger/invariants.ts'
import type { Report } from '../run.ts'
import { toldText } from '../witness.ts'
import type { Guarantees, Made, Soak } from './document.ts'
import { defects } from './track.ts'

const number = (value: number): string => value.toLocaleString('en')
const seconds = (value: number): string => value.toFixed(1)
const columns = 120

/** Words as a paragraph with lines of the usual length. */
function paragraph(...sentences: readonly string[]): string {
  const lines = ['']
  for (const word of sentences.join(' ').split(/\s+/)) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join('\n')
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

/** The page of a run, as Markdown. */
export function pageOf(guarantees: Guarantees): string {
  const { made, rows, controls, medley, recoveryS, soak } = guarantees
  const picture = (isThere: boolean, words: string, file: string): string[] =>
    isThere ? [`![${words}](../images/${file}.svg)`] : []
  const parts = [
    '# What is guaranteed, and how it is tried',
    paragraph(
      'Written by `npm run test:chaos -- --write` and `npm run test:soak -- --write`;',
      'the data is in [guarantees.json](guarantees.json).',
    ),
    ...promise(guarantees),
    '## Invariants',
    ...invariants(),
    '## Faults',
    ...faults(rows, made),
    ...picture(medley !== null, 'Trials a second while one thing after another happens', 'chaos-throughput'),
    ...picture(recoveryS.length > 0, 'From the death of a worker to the commit by another', 'chaos-recovery'),
    '## Can the tests fail?',
    ...controlled(controls),
    '## Soak',
    ...soaked(soak),
    '## Track record',
    paragraph('Defects that faults have shown. The last column is an option of `npm run test:chaos --`.'),
    table(
      ['what', 'found by', 'mended in', 'shows it again'],
      defects.map(({ what, found, mended, again: how }) => [what, found, mended ?? '**open**', how]),
    ),
    '## Not covered',
    notCovered,
    '## Run it again',
    ...again(made, rows.length),
  ]
  return `${parts.join('\n\n')}\n`
}

function promise({ rows, allRows, made }: Guarantees): string[] {
  const broken = rows.filter((row) => row.broken !== null).map(({ name }) => `\`${name}\``)
  const held = broken.length === 0 ? 'held in every row' : `did **not** hold in ${broken.join(', ')}`
  const isWhole = rows.length === allRows && made.scale === 1
  const part = isWhole ? '' : ` (**only ${rows.length} of ${allRows} rows, at ${made.scale} of the full counts**)`
  return [
    paragraph(
      '**A sweep that says `complete` has every trial that was asked for, each exactly once, with the bits that any',
      'other worker would have computed, whichever processes, connections or servers failed meanwhile.** A batch whose',
      'worker is killed is stored by another within 20 s, 19 of 20 within 15 s (with the queue on PostgreSQL: 25 s and',
      '20 s).',
    ),
    paragraph(
      'The limits: PostgreSQL keeps what it has acknowledged (`fsync` and `synchronous_commit` on, a disk that does',
      'not lie), workers run code that computes what it says, and somebody frees a full disk or starts a server that',
      `stays away. Until then the farm waits; it does not lose what is done. In the run below${part} this ${held}`,
      `(commit ${made.commit}, ${made.date}).`,
    ),
  ]
}

const invariantWords: Readonly<Record<keyof typeof statements, string>> = {
  I1: 'Complete: every trial that was asked for is accounted for, from the first to the last, without a gap.',
  I2:
    'Once: no trial lies in two batches, no batch tallies another number of trials than it has, and nothing that is ' +
    'done is still handed out.',
  I4: 'Nothing extra: no outcome lies outside the ledger of its cell, and no batch lies beyond what was handed out.',
}

function invariants(): string[] {
  return [
    paragraph(
      'The leader asks these three of the database before a sweep may say `complete`; the test run asks them again',
      'after each line of the table of faults below. Every row that a query returns is a violation. `$1` is the sweep,',
      '`$2` and `$3` are the range of its cells, `$5` those cells for which a comparison of counts has not shown',
      'already that all is right.',
    ),
    ...Object.entries(invariantWords).flatMap(([name, words]) => [
      paragraph(`**${name}.** ${words}`),
      `\`\`\`\n${statements[name as keyof typeof statements].trim()}\n\`\`\``,
    ]),
    paragraph(
      'After each of these lines it also looks that the digest of every cell is that of a run with which nothing',
      'happened (I3:',
      'trials computed again give the stored bits), that queue, `farm.pending`, `farm.bundle` and `farm.news` are',
      'empty, that no batch failed for another reason than a worker that fell silent, and that every sweep whose',
      'submission was acknowledged is complete. `driftfarm verify SWEEP` asks I1 to I6 of any sweep.',
    ),
  ]
}

function faults(rows: readonly Report[], made: Made): string[] {
  const sum = (of: (row: Report) => number): string => number(rows.reduce((total, row) => total + of(row), 0))
  const scaled = made.scale === 1 ? '' : `, ${made.scale} of the full counts`
  return [
    paragraph(
      `${sum(({ times }) => times)} faults, ${sum(({ stored }) => stored)} trials, seed ${made.seed}${scaled}.`,
      'Every row runs real processes of the built command on a PostgreSQL and a Redis of its own. Commits that came',
      'twice were each compared with the stored digest; the column is empty where all workers were ordinary processes',
      'of the command, which do not report such commits. Handed out again: how many batches were given to one more',
      'worker, as part of all;',
      'work done twice is at most that.',
    ),
    paragraph(
      'What is said: in each row the page of the farm is open in a browser, `driftfarm farm` is asked every 4 s, and',
      '`driftfarm watch` and `driftfarm run` wait for the sweep, two of them with DATABASE_URL and two over HTTP. The',
      'seconds are counted from the last fault before the sentence, the least and the most. N is an age. A sentence',
      'that names another cause than what was broken, or proposes a command that does not help, fails the row. So does',
      'a client that ends later than 10 s after its sweep; the column has the slowest.',
    ),
    table(
      [
        'fault, and what must be true then',
        'times',
        'trials planned = stored',
        'commits that came twice',
        'digests that differ',
        'recovery p50 / p95 / max, s',
        'handed out again',
        'what is said, after how many seconds',
        'clients end, s',
        'wall, s',
      ],
      rows.map(faultLine),
    ),
  ]
}

function faultLine(row: Report): (string | number)[] {
  const { name, fault, promise: then, planned, stored, recovery, broken } = row
  const told = [...row.notes, ...(broken === null ? [] : [`**not held: ${broken.split('\n')[0]}**`])]
  const trials = planned === stored ? number(planned) : `${number(stored)} of ${number(planned)}`
  return [
    [`\`${name}\`: ${fault}. Then: ${then}`, ...told].join('. '),
    row.times,
    planned === 0 ? '' : trials,
    row.duplicates ?? '',
    row.mismatches,
    recovery === null ? '' : [recovery.p50, recovery.p95, recovery.max].map(seconds).join(' / '),
    planned === 0 ? '' : `${(100 * row.again).toFixed(1)} %`,
    (row.told ?? []).map(({ words, by }) => `“${words}”: ${toldText(by)}`).join('; ') || (row.told ? 'nothing' : ''),
    row.clientS ? seconds(row.clientS) : '',
    seconds(row.wallS),
  ]
}

function controlled(controls: Guarantees['controls']): string[] {
  return [
    paragraph(
      'Builds of the product with exactly one safeguard taken out, each under the row that should notice. It is taken',
      'out by replacing a piece of the source: a piece that is not there exactly once is an error, and a safeguard',
      'that the row does not miss fails the run.',
    ),
    table(
      ['without', 'row', 'noticed in', 'what was noticed'],
      controls.map(({ without, row, caughtIn, runs, said }) => [
        without,
        `\`${row}\``,
        caughtIn === null ? `**not in ${runs} runs**` : `run ${caughtIn}`,
        said,
      ]),
    ),
  ]
}

function soaked(soak: Soak | null): string[] {
  if (soak === null) return ['Not run yet: `npm run test:soak -- --write`.']
  const { minutes, sweeps, trials, lives, connections, redisConnections, redisKeys, deadRows, broken, made } = soak
  const range = (values: readonly number[]): string => {
    const warm = values.slice(4)
    return warm.length === 0 ? '' : `${number(Math.min(...warm))} to ${number(Math.max(...warm))}`
  }
  const told = Object.entries(soak.faults).map(([what, times]) => `${what}: ${times} times`)
  return [
    paragraph(
      `${minutes} minutes, ${sweeps} sweeps of ${number(trials)} trials in all, one after another, with a fault every`,
      `half a minute: ${told.join(', ')}. Heaps are measured each minute after a collection; a process that was killed`,
      'begins anew and is compared with itself alone.',
    ),
    table(
      ['process', 'minutes', 'heap at the end, MB', 'grown since its fifth minute, MB (goal < 5)', 'resident, MB'],
      lives
        .filter(({ grownMb }) => grownMb !== null)
        .map(({ process, life, heapMb, residentMb, grownMb }) => [
          life > 1 ? `${process}, life ${life}` : process,
          heapMb.length,
          seconds(heapMb.at(-1)!),
          grownMb!.toFixed(2),
          seconds(residentMb.at(-1)!),
        ]),
    ),
    paragraph(
      `From the fifth minute on: connections to PostgreSQL ${range(connections)}, to Redis ${range(redisConnections)},`,
      `keys in Redis ${range(redisKeys)}, dead rows ${range(deadRows)}.`,
      broken.length === 0 ? 'All of it held' : `**Not held: ${broken.join('; ')}**`,
      `(commit ${made.commit}, ${made.date}).`,
    ),
  ]
}

const notCovered = `- Disks that lie: lost or damaged pages of PostgreSQL, \`fsync\` that does nothing.
- Workers that lie on purpose. One that computes other bytes is found where a batch is computed twice, or by
  \`driftfarm verify\`, and not before.
- Defects of PostgreSQL, Redis, Node and the kernel of the system.
- Several machines: all processes of the run are on one. What lies between machines is played by a TCP proxy that
  silences, resets, stalls and delays; clocks that differ, by libfaketime before the server alone.
- Clocks before 1970, and machines whose clocks differ by more than 10 s with the queue on PostgreSQL: jobs are then
  computed twice.
- Fail-over to a PostgreSQL replica that lags behind: what was acknowledged may be gone there.
- Other systems than Linux.`

function again(made: Made, rows: number): string[] {
  return [
    paragraph(
      `\`npm run test:chaos\` took ${Math.round(made.minutes)} minutes for ${rows} rows and the controls;`,
      '`-- --only NAME` runs what begins with the name, `--seed S` another order of events, `--scale 0.05` a twentieth',
      'of the counts, and `--write` writes this page. It needs root on Linux (to mount a small disk), and installs',
      '`redis-server` and `faketime` of Debian where they are not there. `npm run test:soak` takes 30 minutes',
      '(`-- --minutes N`).',
    ),
    table(
      ['', ''],
      [
        ['commit, date', `${made.commit}, ${made.date}`],
        ['Node, PostgreSQL, Redis', `${made.node}, ${made.postgres}, ${made.redis}`],
        ['machine', made.machine],
      ],
    ),
  ]
}
