-- The demands of some sweeps on a cell are found without reading those of all others.
create index on farm.demand (cell_id, sweep_id);
drop index farm.demand_cell_id_idx;

-- Workers that have not signed off are found without reading those that have.
create index worker_here on farm.worker (state) where state <> 'gone';
