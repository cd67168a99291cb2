import { openDatabase, startEmbedded } from '@driftfarm/database'

/**
 * Lets a test follow the tables of a farm without polling. Triggers in the farm's database send a NOTIFY for each
 * commit that changes a sweep, a request, a batch or a worker.
 */
export interface Watch {
  /** Resolves when the SQL condition is true. The condition is checked at once and after each NOTIFY. */
  until(condition: string): Promise<void>
  listen(look: (table: string) => void): void
  /**
   * From now on, an insert or update of a batch waits until `release` if the SQL condition is true. In the condition,
   * `new` is the row of the batch. This lets a test act in the middle of a sweep, however fast the machine is.
   */
  hold(condition: string): Promise<void>
  release(): Promise<void>
  rows<Row extends object>(query: string): Promise<Row[]>
  close(): Promise<void>
}

const lock = 20261126

const triggers = `
  create function public.tell_test() returns trigger language plpgsql as $$
  begin
    perform pg_notify('test', tg_table_name);
    return null;
  end $$;
  ${['sweep', 'request', 'pending', 'batch', 'worker']
    .map(
      (table) =>
        `create trigger tell_test after insert or update or delete on farm.${table}
           execute function public.tell_test();`,
    )
    .join('\n')}`

const holding = (condition: string): string => `
  create function public.hold_test() returns trigger language plpgsql as $$
  begin
    if ${condition} then perform pg_advisory_xact_lock_shared(${lock}); end if;
    return new;
  end $$;
  create trigger hold_test before insert or update on farm.batch for each row execute function public.hold_test();`

/** A database must not have two watches. Close the watch before the database is dropped. */
export async function watchDatabase(url: string): Promise<Watch> {
  const database = await openDatabase({ url, max: 1, name: 'driftfarm-test' })
  const client = await database.pool.connect()
  const waiting: (() => void)[] = []
  client.on('notification', () => {
    for (const look of waiting.splice(0)) look()
  })
  await client.query(triggers)
  await client.query('listen test')
  const rows = async <Row extends object>(query: string): Promise<Row[]> => (await client.query<Row>(query)).rows
  return {
    rows,
    listen: (look) => void client.on('notification', ({ payload = '' }) => look(payload)),
    async until(condition) {
      for (;;) {
        const changed = new Promise<void>((resolve) => {
          waiting.push(resolve)
        })
        const [row] = await rows<{ met: boolean | null }>(`select (${condition}) as met`)
        if (row?.met === true) return
        await changed
      }
    },
    async hold(condition) {
      await client.query(`select pg_advisory_lock(${lock})`)
      await client.query(holding(condition))
    },
    release: async () => void (await client.query(`select pg_advisory_unlock(${lock})`)),
    async close() {
      client.release(true)
      await database.close()
    },
  }
}

/** Creates the watch of the embedded database in `home`, whose server runs until the watch is closed. */
export async function watchHome(home: string): Promise<Watch> {
  const server = await startEmbedded({ home })
  const watch = await watchDatabase(server.url)
  return {
    ...watch,
    async close() {
      await watch.close()
      await server.close()
    },
  }
}
