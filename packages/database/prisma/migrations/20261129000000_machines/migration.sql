-- Farms of many machines (docs/decisions/0070-bundles-grow.md, 0071-what-a-farm-says.md, 0072-machines-of-others.md).

-- Whether it takes so long that not all threads of the farm may have such ones.
alter table farm.bundle add column long boolean not null default false;

-- What keeps a process from working, in words for people: the database is full. Null: nothing.
alter table farm.worker add column trouble text;

create or replace view public.worker as
select
  w.id,
  w.kind,
  w.host,
  w.pid,
  w.threads,
  w.kernel,
  case when w.state <> 'gone' and w.seen_at <= now() - interval '15 s' then 'lost' else w.state end as state,
  w.started_at,
  w.seen_at,
  w.batches,
  w.trials,
  w.cpu_seconds,
  w.queue,
  w.trouble
from farm.worker w;

comment on column public.worker.trouble is 'What keeps it from working, such as a full database; null: nothing.';

-- Logins of workers on machines of others (`driftfarm access`) have the rights of this role and no other: to lease what
-- is handed out, to commit what they computed and to report what failed. It belongs to the whole server, so that another
-- database there may have made it already, or be making it now.
do $$ begin
  create role driftfarm_worker nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant usage on schema farm, public to driftfarm_worker;
grant select on public._prisma_migrations to driftfarm_worker;
-- What it is to compute, and where others have got to.
grant select on farm.cell, farm.data, farm.data_part, farm.demand, farm.sweep, farm.leader, farm.worker, farm.bundle, farm.pending,
                farm.batch, farm.premises, farm.news to driftfarm_worker;
-- Its presence.
grant insert, update, delete on farm.worker to driftfarm_worker;
-- Leases, commits and failures.
grant update, delete on farm.bundle, farm.pending to driftfarm_worker;
grant insert, delete on farm.batch, farm.outcome, farm.event_bits to driftfarm_worker;
grant select (cell_id, first) on farm.outcome, farm.event_bits to driftfarm_worker;
grant insert on farm.news, farm.failure to driftfarm_worker;
grant insert, update on farm.premises to driftfarm_worker;
-- A commit whose bytes differ from what is stored stops the sweeps of the cell.
grant update (state, reason, finished_at) on farm.sweep to driftfarm_worker;
