-- What must hold of accounts whatever the code does.

CREATE UNIQUE INDEX parked_form_once ON parked_form (account, page);
CREATE UNIQUE INDEX kept_file_once ON kept_file (account, page);
CREATE UNIQUE INDEX role_grant_once ON role_grant (account, role) WHERE ended_at IS NULL;
CREATE INDEX sign_in_code_open ON sign_in_code (expires_at) WHERE used_at IS NULL;
