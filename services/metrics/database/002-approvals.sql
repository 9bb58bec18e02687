-- What the claim was approved for: a payment over another amount is no payout of it.
alter table payouts add column approved_cents bigint;

-- Payments that were told before their claim's approval: they wait for it. The latest of each amount.
create table early_payments (
  claim_id varchar(64) not null,
  cents bigint not null,
  sent_at bigint not null,
  sent_ordering bigint not null,
  sent_day varchar(10) not null,
  primary key (claim_id, cents)
);

create index payouts_by_sent on payouts (sent_at, claim_id) where ms is not null;
