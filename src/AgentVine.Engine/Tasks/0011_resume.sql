alter table tasks add column resume_execution text;
