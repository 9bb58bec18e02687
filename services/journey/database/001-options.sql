-- What a citizen can do now: one row a facility. Every change takes the next number of `versions`, so that a page that was
-- away can ask for what is newer than the last it saw.
create table options (
  facility varchar(64) not null primary key,
  name varchar(200) not null,
  place varchar(200) not null,
  about varchar(400) not null,
  can_apply integer not null default 1 check (can_apply in (0, 1)),
  version bigint not null
);

create table versions (
  name varchar(64) not null primary key,
  value bigint not null
);

insert into versions (name, value) values ('options', 1);

insert into options (facility, name, place, about, version) values
  ('gulfport', 'AFRH-Gulfport', 'Gulfport, Mississippi', 'On the Gulf Coast: private rooms, independent living and care on site.', 1),
  ('washington', 'AFRH-Washington', 'Washington, D.C.', 'In the capital since 1851: private rooms, independent living and care on site.', 1);
