-- What a claim was approved for; null until that is heard. The row is the lock of approval and payment, whichever comes first.
create table approvals (
  claim_id varchar(64) not null primary key,
  cents bigint
);

-- Payments that were told before their claim's approval: they wait for it. The latest of each amount.
create table early_payments (
  claim_id varchar(64) not null,
  cents bigint not null,
  ordering bigint not null,
  happened_at bigint not null,
  primary key (claim_id, cents)
);
