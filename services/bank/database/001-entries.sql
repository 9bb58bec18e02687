-- The bank's own ledger: every entry that it credited. `once` is the key of the first entry under it, so that a second one is
-- refused by the database unless the bank forgot about keys. Times are Unix milliseconds.
create table entries (
  id varchar(36) not null primary key,
  idempotency_key varchar(64) not null,
  once varchar(64) unique,
  fingerprint varchar(64) not null,
  account_ending varchar(4) not null,
  kind varchar(8) not null check (kind in ('checking', 'savings')),
  cents bigint not null check (cents > 0),
  day varchar(10) not null,
  taken_at bigint not null,
  returns_at bigint,
  return_number bigint unique,
  return_code varchar(4)
);

create index entries_by_key on entries (idempotency_key);
create index entries_by_day on entries (day);
create index entries_to_return on entries (returns_at) where returns_at is not null and return_number is null;

-- How the simulator behaves; kept, as a bank that is killed comes back as it was.
create table conduct (
  id integer not null primary key check (id = 1),
  mode varchar(16) not null
);

insert into conduct (id, mode) values (1, 'ok');
