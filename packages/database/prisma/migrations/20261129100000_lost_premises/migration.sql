-- Premises that a machine had no time or no memory for: they are looked for again when a sweep is submitted, which must
-- not read those of all its cells.
create index premises_lost on farm.premises (cell_id) where (document ->> 'lost') is not null;
