import { setTimeout as delay } from 'node:timers/promises'
import { control } from '@driftfarm/database'
import { Broken, must } from '../check.ts'
import type { DeadlyCall } from '../entries/instruments.ts'
import type { Farm } from '../farm.ts'
import type { Member } from '../processes.ts'
import type { Row } from '../row.ts'
import { baseSweep, batch, type Given, smallSweep } from '../sweeps.ts'
import { speakers } from '../witness.ts'

/**
 * Number of farms at once. A new leader must wait until the term of the old one has ended, up to 10 s, and a farm
 * computes nothing meanwhile.
 */
const farms = 5

const points: readonly { readonly at: DeadlyCall; readonly name: string; readonly fault: string }[] = [
  {
    at: 'add',
    name: 'leader-insert',
    fault: 'after it has inserted a bundle into the ledger, before it adds the job to the queue',
  },
  {
    at: 'added',
    name: 'leader-feed',
    fault: 'after it has added jobs to the queue, before it records this in the ledger',
  },
  { at: 'keys', name: 'leader-reconcile', fault: 'while it compares ledger and queue' },
]

const killedAt = ({ at, name, fault }: (typeof points)[number]): Row => ({
  name,
  fault: `the leading coordinator is killed ${fault}`,
  promise: 'every acknowledged sweep completes',
  away: at === 'keys' ? ['coordinator', 'worker'] : ['coordinator'],
  advised: at === 'keys',
  async run(lab, { farm: open, random }) {
    const wanted = lab.times(50)
    let crashes = 0
    let acknowledged = 0
    const one = async (number: number): Promise<void> => {
      const farm = await open()
      // The comparison looks only for waiting jobs. If it is the deadly call, there is no worker that takes them.
      if (at !== 'keys') await farm.worker()
      const nth = () => 1 + Math.floor((at === 'keys' ? 1.3 : 3) * random())
      const next = () => farm.instrumentedCoordinator({ batch: 10, dies: { at, nth: nth() } })
      let alive: Member[] = [await next(), await next()]
      const submitted: { readonly id: string; readonly given: Given }[] = []
      const submit = async (): Promise<void> => {
        const given = smallSweep(lab.seed + 10_000 * (number + 1) + submitted.length, 50, `small-${submitted.length}`)
        submitted.push({ id: await farm.submit(given), given })
        acknowledged++
      }
      let submittedMs = 0
      while (crashes < wanted) {
        // Without new submissions there is nothing to add or to compare.
        if (Date.now() - submittedMs > 700) {
          submittedMs = Date.now()
          await submit()
        }
        for (const dead of alive.filter((each) => !each.isAlive)) {
          crashes++
          farm.mark('leader killed')
          alive = [...alive.filter((each) => each !== dead), await next()]
        }
        await delay(50)
      }
      for (const each of alive) await each.kill()
      await farm.coordinator()
      if (at === 'keys') await farm.worker()
      for (const { id } of submitted) await farm.complete(id, 120)
      await farm.settled()
      // All sweeps are complete. One of them is compared with an undisturbed run.
      const last = submitted.at(-1)!
      await farm.audit(last.id, last.given)
    }
    await Promise.all(Array.from({ length: Math.min(farms, wanted) }, (_, number) => one(number)))
    return { times: crashes, notes: [`all ${acknowledged} acknowledged sweeps are complete`] }
  },
})

/** Records each write to the ledger by a coordinator that is not the leader according to the ledger. */
const auditing = `
  create schema chaos;
  create table chaos.leaders (app text primary key, holder text not null);
  create table chaos.writes (at timestamptz default clock_timestamp(), who text, what text, holder text);
  create function chaos.note() returns trigger language plpgsql as $$
  declare
    writer text := split_part(current_setting('application_name'), ' ', 1);
  begin
    insert into chaos.writes (who, what, holder)
      select writer, tg_op || ' ' || tg_table_name, l.holder
        from farm.leader l join chaos.leaders m on m.app = writer
       where m.holder <> l.holder;
    return null;
  end $$;
  ${['bundle', 'pending', 'request', 'sweep']
    .map(
      (table) =>
        `create trigger chaos_note after insert or update on farm.${table} for each row execute function chaos.note();`,
    )
    .join('\n')}`

/** Two coordinators whose writes can be distinguished. */
async function twoLeaders(farm: Farm): Promise<readonly [Member, Member]> {
  await farm.query(auditing)
  const [first, second] = [1, 2].map((number) => `leader-${number}`) as [string, string]
  const made: Member[] = []
  for (const app of [first, second]) {
    const url = new URL(farm.url)
    url.searchParams.set('application_name', app)
    const member = await farm.coordinator({ env: { DATABASE_URL: url.href } })
    await farm.query('insert into chaos.leaders values ($1, $2)', [app, member.id])
    made.push(member)
  }
  return [made[0]!, made[1]!]
}

async function leaderOf(farm: Farm, members: readonly Member[]): Promise<Member | undefined> {
  const [row] = await farm.query<{ holder: string }>('select holder from farm.leader where until > now()')
  return members.find(({ id }) => id === row?.holder)
}

const twoOfThem: Row = {
  name: 'two-leaders',
  fault:
    'the leading coordinator is stopped (SIGSTOP); another one takes over, and one of two sweeps that share cells is ' +
    'cancelled or removed; then the former leader is continued, before all work is dispatched',
  promise: 'the former leader writes nothing, the ranges of batches never overlap, and the other sweep completes',
  away: ['coordinator'],
  async run(lab, { farm: open, random }) {
    const farm = await open()
    const leaders = await twoLeaders(farm)
    await Promise.all([farm.worker(), farm.worker()])
    const times = lab.times(8)
    for (let time = 0; time < times; time++) {
      const wide = baseSweep(lab.seed + 5, 120, { name: 'wide' })
      const narrow = baseSweep(lab.seed + 5, 80, { name: 'narrow', cells: 8 })
      await farm.lab.reference(wide)
      const [id, other] = [await farm.submit(wide), await farm.submit(narrow)]
      await farm.until('some batches are done', async () => (await farm.stored()) >= (4 + time) * batch)
      await delay(1_000 * random())
      const leader = await leaderOf(farm, leaders)
      if (leader === undefined) throw new Broken(['no coordinator leads'])
      leader.signal('SIGSTOP')
      farm.mark('leader stopped')
      await farm.until(
        'another one leads',
        async () => {
          const now = await leaderOf(farm, leaders)
          return now !== undefined && now !== leader
        },
        30,
      )
      // When the former leader is continued, the sweep must still have undispatched work.
      const [left] = await farm.query<{ n: number }>(
        `select (d.target - coalesce(sum(b.count), 0))::float8 as n from farm.request d
           left join farm.batch b on b.cell_id = d.cell_id
          where d.sweep_id = $1 group by d.index, d.target order by 1 desc`,
        [id],
      )
      must(left!.n > 0, 'no work was left when the former leader was continued')
      if (time % 2 === 0) await farm.remove(other)
      else await control(farm.database, other, 'cancel')
      leader.signal('SIGCONT')
      farm.mark('and continued')
      await farm.complete(id)
      await farm.audit(id, wide)
      await farm.settled()
      await farm.remove(id)
      if (time % 2 === 1) await farm.remove(other)
    }
    const writes = await farm.query<{ who: string; what: string; n: number }>(
      'select who, what, count(*)::int as n from chaos.writes group by who, what',
    )
    if (writes.length > 0)
      throw new Broken(
        writes.map(({ who, what, n }) => `${who} wrote although another coordinator leads: \`${what}\`, ${n} rows`),
      )
    return { times }
  },
}

const leaderKilled: Row = {
  name: 'leader-kill',
  fault: 'the leading coordinator is killed (SIGKILL) while a standby is running',
  promise: 'the standby dispatches work within 15 s',
  away: ['coordinator'],
  says: { one: ['coordinator'], by: speakers, withinS: 12 },
  async run(lab, { farm: open }) {
    const farm = await open()
    const leaders = await twoLeaders(farm)
    await Promise.all([farm.worker(), farm.worker()])
    const times = lab.times(10)
    const seconds: number[] = []
    await farm.during(baseSweep(lab.seed + 1, 120), async () => {
      for (let time = 0; time < times; time++) {
        await delay(1_000)
        const leader = await leaderOf(farm, leaders)
        if (leader === undefined) throw new Broken(['no coordinator leads'])
        const atMs = Date.now()
        await leader.kill()
        farm.mark('leader killed')
        await farm.until(
          'the standby leads',
          async () => (await leaderOf(farm, leaders)) !== undefined && (await leaderOf(farm, leaders)) !== leader,
          30,
        )
        seconds.push((Date.now() - atMs) / 1_000)
        await leader.start()
        await farm.query('update chaos.leaders set holder = $2 where app = $1', [
          `leader-${leaders.indexOf(leader) + 1}`,
          leader.id,
        ])
      }
    })
    await farm.settled()
    const most = Math.max(...seconds)
    must(most <= 15, `no coordinator led for ${most.toFixed(1)} s`)
    return { times, notes: [`another coordinator led after at most ${most.toFixed(1)} s`] }
  },
}

export const leaderRows: readonly Row[] = [...points.map(killedAt), leaderKilled, twoOfThem]
