-- Since when a payment waits for the approval of its claim: not for ever.
alter table early_payments add column heard_at bigint not null default 0;
update early_payments set heard_at = sent_at;

create index early_payments_by_age on early_payments (heard_at);
