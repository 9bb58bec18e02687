-- Facilities of the Armed Forces Retirement Home and their dormitories. A facility is low while its free beds (beds of open
-- dormitories less residents) are under its threshold; `low` remembers which of the two events was said last.
create table facilities (
  id varchar(64) not null primary key,
  name varchar(200) not null,
  threshold integer not null check (threshold >= 0),
  low integer not null default 0 check (low in (0, 1))
);

create table dormitories (
  id varchar(64) not null primary key,
  facility varchar(64) not null references facilities (id),
  name varchar(200) not null,
  beds integer not null check (beds >= 0),
  residents integer not null check (residents >= 0 and residents <= beds),
  closed integer not null default 0 check (closed in (0, 1)),
  check (closed = 0 or residents = 0)
);

create index dormitories_by_facility on dormitories (facility);

-- Answers already given, by the caller's Idempotency-Key.
create table answers (
  idempotency_key varchar(200) not null primary key,
  request varchar(400) not null,
  status integer not null,
  body text not null,
  given_at varchar(40) not null
);

create index answers_by_age on answers (given_at);
