-- The method of the cells and how their records are laid out, where all cells share both: who reads the results of a
-- sweep then looks no cell up. Null: they differ, or the sweep was submitted by an earlier version.
alter table farm.sweep add column layout json;
