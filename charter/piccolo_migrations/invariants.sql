-- What must hold whatever the code does: one of each, and history that only grows.

CREATE UNIQUE INDEX organisation_identifier_once ON organisation_identifier (scheme, identifier)
    WHERE NOT released;
CREATE UNIQUE INDEX standstill_once ON standstill ((until IS NULL)) WHERE until IS NULL;
CREATE UNIQUE INDEX dissolution_once ON organisation_dissolution (organisation)
    WHERE state IN ('proposed', 'confirmed');
CREATE UNIQUE INDEX membership_once ON membership (organisation, account, role) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX invitation_once ON invitation (organisation, account, role) WHERE answer = '';
CREATE UNIQUE INDEX signature_once ON signature (organisation, spell) WHERE NOT again;
CREATE UNIQUE INDEX answer_once ON answer (organisation, type, version);
CREATE UNIQUE INDEX plan_once ON plan (organisation, number);
CREATE UNIQUE INDEX pledge_once ON pledge (organisation, number);
CREATE UNIQUE INDEX pledge_version_once ON pledge_version (pledge, version);
CREATE UNIQUE INDEX milestone_once ON milestone (pledge, number);
CREATE UNIQUE INDEX codesign_session_once ON codesign_session (organisation, number);
CREATE UNIQUE INDEX confirmation_of_group_once ON confirmation (session, "group") WHERE "group" IS NOT NULL;
CREATE UNIQUE INDEX confirmation_of_link_once ON confirmation (link) WHERE link IS NOT NULL;
CREATE UNIQUE INDEX pledge_partner_once ON pledge_partner (pledge, COALESCE(organisation, "group"))
    WHERE state IN ('asked', 'joined');
CREATE UNIQUE INDEX quiet_period_once ON quiet_period ((ended_at IS NULL)) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX draft_once ON draft (organisation, form);
CREATE UNIQUE INDEX notice_once ON notice (obligation, due_on, step, account);
CREATE UNIQUE INDEX pause_once ON pause (obligation) WHERE until IS NULL;
CREATE UNIQUE INDEX report_once ON report (pledge, milestone, version);
CREATE UNIQUE INDEX review_seat_once ON review_seat ("case", auditor);
CREATE UNIQUE INDEX review_seat_number_once ON review_seat ("case", number);
CREATE UNIQUE INDEX verdict_once ON verdict (seat, question);
CREATE UNIQUE INDEX review_outcome_once ON review_outcome ("case", question);
CREATE UNIQUE INDEX sealed_list_waiting_once ON review_sealed_list ("case") WHERE drawn_at IS NULL;
CREATE UNIQUE INDEX pay_of_seat_once ON pay_entry (seat) WHERE seat IS NOT NULL;
CREATE UNIQUE INDEX hearing_once ON hearing (request, "group");
CREATE UNIQUE INDEX extension_once ON extension_request (obligation);
CREATE UNIQUE INDEX accountability_review_once ON accountability_review (organisation, cycle);

CREATE INDEX public_text_searched ON public_text USING gin (to_tsvector('english', words))
    WHERE about IN ('report', 'reflection', 'resource', 'celebration');
CREATE INDEX event_of_organisation ON event (organisation, id);
CREATE INDEX organisation_identifier_whole
    ON organisation_identifier ((scheme || '-' || identifier));
CREATE INDEX event_of_words ON event (words) WHERE words IS NOT NULL;
CREATE INDEX event_of_notice ON event ((data ->> 'obligation'))
    WHERE kind IN ('notice-sent', 'notice-skipped');
CREATE INDEX obligation_open ON obligation (due_on) WHERE state = 'open';
CREATE INDEX obligation_to_chase ON obligation (next_step_on) WHERE state = 'open';
CREATE INDEX outbox_waiting ON outbox_message (due_at) WHERE done_at IS NULL AND dead_at IS NULL;

-- Rule 40: nobody edits or deletes an event or a published version, the hub included.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted (rule 40)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER pledge_version_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pledge_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER pack_adoption_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pack_adoption
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON signature
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Rule 24: who was left unpaid counts as paid once the pay of the session is confirmed.
CREATE FUNCTION paid_at(given confirmation, at timestamptz) RETURNS varchar LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN given.paid = 'unpaid' AND EXISTS (SELECT FROM pay_entry y
            WHERE y.session = given.session AND y.confirmed_at BETWEEN given.answered_at AND at)
        THEN 'paid' ELSE given.paid END
$$;

-- Public words may only be blanked, each passage with a mark that stays, and the salt with it.
CREATE FUNCTION only_erase_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed public_text := OLD;
    place text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        allowed.held_until := NEW.held_until;
        IF NEW.erased IS DISTINCT FROM OLD.erased THEN
            allowed.erased := coalesce(NEW.erased, '{}') || coalesce(OLD.erased, '{}');
            allowed.salt := NULL;
            FOR place IN SELECT jsonb_object_keys(NEW.erased) LOOP
                allowed.words := jsonb_set(allowed.words, string_to_array(place, '/'), '""', false);
            END LOOP;
        END IF;
        IF allowed IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'public words are only blanked by an erasure (rule 40)'
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER public_text_is_only_erased BEFORE UPDATE OR DELETE ON public_text
    FOR EACH ROW EXECUTE FUNCTION only_erase_words();
