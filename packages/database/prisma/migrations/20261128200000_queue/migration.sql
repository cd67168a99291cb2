-- What waits and what runs, in one row that depends on what is out alone: workers are scaled by it.
create view public.queue as
select
  count(*) filter (where p.bundle is not null) as demand,
  count(*) filter (where p.bundle is not null and u.worker_id is null) as waiting,
  count(*) filter (where u.worker_id is not null) as running,
  count(*) filter (where p.state = 'failed') as failed
from farm.pending p left join farm.bundle u on u.id = p.bundle
where p.bundle is not null or p.state = 'failed';

comment on view public.queue is 'Batches of the whole farm by how they stand, in one row; costs the same however many are done. Workers are scaled by its demand.';
comment on column public.queue.demand is 'Batches that wait or run.';
comment on column public.queue.waiting is 'Handed out and not begun.';
comment on column public.queue.running is 'Computed now.';
comment on column public.queue.failed is 'Given up, until they are tried again.';

grant select on public.queue to driftfarm_reader;
