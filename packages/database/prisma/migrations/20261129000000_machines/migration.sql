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
