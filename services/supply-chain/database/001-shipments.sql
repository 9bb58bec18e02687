-- Standing meal shipments: where each one belongs, where it goes when the facility has no room, and where it goes now.
create table shipments (
  id varchar(64) not null primary key,
  facility varchar(64) not null,
  contents varchar(200) not null,
  home varchar(200) not null,
  fallback varchar(200) not null,
  destination varchar(200) not null
);

create index shipments_by_facility on shipments (facility);

insert into shipments (id, facility, contents, home, fallback, destination) values
  ('gulfport-breakfast', 'gulfport', '540 breakfasts', 'AFRH-Gulfport kitchen', 'Biloxi field kitchen', 'AFRH-Gulfport kitchen'),
  ('gulfport-dinner', 'gulfport', '540 dinners', 'AFRH-Gulfport kitchen', 'Biloxi field kitchen', 'AFRH-Gulfport kitchen'),
  ('washington-breakfast', 'washington', '480 breakfasts', 'AFRH-Washington kitchen', 'Fort McNair mess', 'AFRH-Washington kitchen'),
  ('washington-dinner', 'washington', '480 dinners', 'AFRH-Washington kitchen', 'Fort McNair mess', 'AFRH-Washington kitchen');
