-- The latest of each claim, for its citizen's page. A claim that only payments has told of belongs to nobody yet. Each change of a
-- citizen's claims takes the next version of that citizen.
create table citizens (
  citizen varchar(64) not null primary key,
  version bigint not null
);

create table claims (
  claim_id varchar(64) not null primary key,
  citizen varchar(64),
  stage integer not null,
  ordering bigint not null,
  status varchar(20) not null,
  happened_at bigint not null,
  version bigint not null default 0
);

create index claims_by_citizen on claims (citizen, version);
