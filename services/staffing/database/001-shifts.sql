-- Who can be called in at each facility, and the extra shifts that were.
create table pools (
  facility varchar(64) not null primary key,
  nurses integer not null check (nurses > 0)
);

create table shifts (
  id varchar(64) not null primary key,
  facility varchar(64) not null references pools (facility),
  nurses integer not null,
  scheduled_at varchar(40) not null,
  released_at varchar(40)
);

-- A facility has one extra shift at a time.
create unique index shifts_open on shifts (facility) where released_at is null;

insert into pools (facility, nurses) values
  ('gulfport', 6),
  ('washington', 8);
