-- What a cell rests on, known before its trials: its null experiment, its start, its minimum. Made once by the worker of its first
-- batch; a cell that was complete before there was this table has none.
create table farm.premises (
  cell_id  text primary key references farm.cell (id) on delete cascade,
  version  integer not null,
  document jsonb not null
);
