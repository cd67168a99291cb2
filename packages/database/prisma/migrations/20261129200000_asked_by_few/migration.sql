-- The demands of some sweeps on a cell are found without reading those of all others.
create index on farm.demand (cell_id, sweep_id);
drop index farm.demand_cell_id_idx;
-- Statistics of many small sweeps say that a sweep has one demand, and let the planner find the demand of a sweep on a
-- cell by reading all demands of the sweep. It may be the next one, with 10^6.
alter table farm.demand alter column sweep_id set (n_distinct = 100);

-- Workers that have not signed off are found without reading those that have, whatever the planner knows: by their state.
drop index farm.worker_id_idx;
create index worker_present on farm.worker (state) where state <> 'gone';
