-- Claims and how they were decided. Times are Unix milliseconds, amounts are cents.
create table claims (
  id varchar(64) not null primary key,
  citizen varchar(64) not null,
  idempotency_key varchar(200),
  fingerprint varchar(64) not null,
  employer varchar(80) not null,
  last_day varchar(10) not null,
  reason varchar(20) not null,
  weeks_worked integer not null check (weeks_worked >= 0),
  weekly_income_cents bigint not null check (weekly_income_cents >= 0),
  able_to_work integer not null check (able_to_work in (0, 1)),
  veteran integer not null check (veteran in (0, 1)),
  document varchar(200),
  submitted_at bigint not null,
  decided_at bigint not null,
  approved integer not null check (approved in (0, 1)),
  amount_cents bigint check (amount_cents > 0),
  rule_id varchar(64) not null,
  rules_version varchar(64) not null,
  explanation_en varchar(600) not null,
  explanation_es varchar(600) not null,
  check (approved = 0 or amount_cents is not null)
);

create unique index claims_by_key on claims (citizen, idempotency_key) where idempotency_key is not null;
create index claims_by_citizen on claims (citizen, submitted_at);

-- The latest that payments said of a claim: once that it was sent, once that it failed. A row may come before its claim, and
-- whatever is in it counts only where the claim is approved and the amount is that of the claim.
create table payment_news (
  claim_id varchar(64) not null,
  step varchar(20) not null check (step in ('paid', 'payment-failed')),
  amount_cents bigint not null,
  happened_at bigint not null,
  ordering bigint not null,
  primary key (claim_id, step)
);
