-- What must hold whatever the code does: the public log has no gaps and is only ever added to.

ALTER TABLE log_leaf
    ADD CHECK (idx >= 0),
    ADD CHECK (octet_length(entry) <= 65535);

-- The hashes of complete subtrees; level 0 holds the leaves.
CREATE TABLE log_node (
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 62),
    idx bigint NOT NULL CHECK (idx >= 0),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, idx)
);

CREATE TRIGGER log_leaf_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_node_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_node
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_checkpoint_is_kept BEFORE DELETE OR TRUNCATE ON log_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- What must hold of badges whatever the code does: one of each, and nothing signed is rewritten.

CREATE UNIQUE INDEX placement_once ON placement (badge, code);
CREATE UNIQUE INDEX sighting_once ON sighting (badge, place, host, day);
CREATE UNIQUE INDEX edition_once ON edition (badge, n);
CREATE UNIQUE INDEX edition_status_place_once ON edition (status_list, status_index);
CREATE INDEX edition_revoked ON edition (status_list, status_index) WHERE revoked_at IS NOT NULL;
CREATE INDEX edition_live ON edition (valid_until) WHERE revoked_at IS NULL;

-- An edition may be revoked once and told its event once. Nothing else of it ever changes.
CREATE FUNCTION only_revoke_editions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed edition := OLD;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.revoked_at IS NULL THEN
            allowed.revoked_at := NEW.revoked_at;
            allowed.revoked_reason := NEW.revoked_reason;
        END IF;
        IF OLD.event IS NULL THEN
            allowed.event := NEW.event;
        END IF;
        IF allowed IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a signed edition is never changed, only revoked (rule 39)'
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER edition_is_only_revoked BEFORE UPDATE OR DELETE ON edition
    FOR EACH ROW EXECUTE FUNCTION only_revoke_editions();

-- A panel has one key in force, and what it sealed is kept as it came.
CREATE UNIQUE INDEX panel_key_in_force ON panel_key (did) WHERE state = 'confirmed';
CREATE INDEX endorsement_newest ON endorsement (organisation, did, valid_from DESC);
