-- A window that nobody can name is nobody's.
ALTER TABLE schedule_window ADD CONSTRAINT schedule_window_is_named CHECK (name <> '');
