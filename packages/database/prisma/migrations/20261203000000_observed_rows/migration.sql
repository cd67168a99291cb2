-- Observed values of recorded trials, except series. Both are null without observed values.
alter table farm.outcome
  add observed_keys text[],            -- spec.observedKeys: expression and time, such as loss@escape
  add observed     double precision[]; -- row by row, one entry per key; null where the trial has no value
alter table farm.outcome alter observed set storage external;

--- A value that `observe` of the spec requests, in one recorded trial of a finished batch. Series have no rows. A value counts only if `trial < cell.trials`. Always filter by `cell`.
create view public.observed as
select
  --- The value of `cell.id`.
  o.cell_id as cell,
  --- Trial index in the cell, from 0.
  o.first + t."offset" as trial,
  --- The observed expression, such as `loss`.
  left(t.key, -strpos(reverse(t.key), '@')) as expression,
  --- The time of the value: `start`, `escape`, `converge`, `horizon` or `mark:NAME`.
  right(t.key, strpos(reverse(t.key), '@') - 1) as time,
  --- The value; null if the trial did not reach this time.
  t.value
from farm.outcome o
cross join lateral (
  select coalesce(d.offsets[(v.n - 1) / d.width + 1], (v.n - 1) / d.width) as "offset",
         o.observed_keys[(v.n - 1) % d.width + 1] as key, v.value
    from (select o.offsets || '{}' as offsets, cardinality(o.observed_keys) as width,
                 farm.unfolding(o.cell_id, o.first) as fence) d
   cross join lateral unnest(o.observed) with ordinality v (value, n)
  offset 0
) t;
grant select on public.observed to driftfarm_reader;
