-- One row a claim, filled by its events in whatever order they come. Times are Unix milliseconds; a greater ordering is later.
-- `ms` and `day` are there while the claim counts as paid out: both ends are known, and the payment has not failed since.
create table payouts (
  claim_id varchar(64) not null primary key,
  submitted_at bigint,
  sent_at bigint,
  sent_ordering bigint,
  sent_day varchar(10),
  failed_ordering bigint,
  ms bigint,
  day varchar(10)
);

create index payouts_by_day on payouts (day, ms) where ms is not null;
create index payouts_by_ms on payouts (ms) where ms is not null;
