-- Reads stay off the index of the exclusion constraint: where workers committed while others looked at the ledger, index scans of
-- PostgreSQL 18.4 missed living rows through it (8 of 280 batches), and a sweep that was whole was called incomplete. An
-- expression on the cell matches no query; the constraint holds as before.
alter table farm.batch drop constraint batch_ranges_apart;
alter table farm.batch add constraint batch_ranges_apart
  exclude using gist ((cell_id || '') with =, int8range(first, first + count) with &&);
