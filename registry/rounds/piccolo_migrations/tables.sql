-- The tables of rounds: what each column means is told by its class.

CREATE TABLE schedule_window (
    name varchar(60) PRIMARY KEY,
    completed_until timestamptz,
    fault varchar(100) NOT NULL DEFAULT ''
);
