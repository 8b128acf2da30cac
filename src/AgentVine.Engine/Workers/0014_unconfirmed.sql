alter table workers add column unconfirmed_since bigint;
