"""Find the holders that records name, in one statement for one record or for thousands.

The statement reads the tables of people, reports, crimes and encounters itself: a lookup for each
record would take minutes for the 3,000 records of a busy day. It uses the people's own search keys,
and the one row that a force has of each place.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection

from bluelamp.foundation.audit.acts import require_command
from bluelamp.services.firearms.rules.matching import VettingRecord

# `named`: who stands in each record. `places`: where it was. Then one part for each reason, whose
# joins go from the few people of the records to the holders by an index.
_SQL = """
WITH records AS MATERIALIZED (
    SELECT unnest(%(ids)s::uuid[]) AS id
), named AS MATERIALIZED (
    SELECT DISTINCT named.record_id, person.id, person.force, person.born_on, person.email_key,
        person.phone_key, person.name_keys, person.address_id
    FROM (
        SELECT records.id AS record_id, link.person_id
        FROM records JOIN people_link AS link ON link.subject_id = records.id
        UNION ALL
        SELECT records.id, report.person_reporting_id
        FROM records JOIN reports_report AS report ON report.id = records.id
        UNION ALL
        SELECT records.id, encounter.person_id
        FROM records JOIN encounters_encounter AS encounter ON encounter.id = records.id
    ) AS named JOIN people_person AS person ON person.id = named.person_id
    WHERE person.force = %(force)s
), places AS MATERIALIZED (
    SELECT records.id AS record_id, link.location_id
    FROM records JOIN people_link AS link ON link.subject_id = records.id
    UNION
    SELECT records.id, report.location_id
    FROM records JOIN reports_report AS report ON report.id = records.id
    UNION
    SELECT records.id, crime.location_id
    FROM records JOIN crimes_crime AS crime ON crime.id = records.id
    UNION
    SELECT records.id, encounter.location_id
    FROM records JOIN encounters_encounter AS encounter ON encounter.id = records.id
), matches AS (
    SELECT record_id, id AS holder_id, 'person' AS reason FROM named
    UNION
    SELECT named.record_id, holder.id,
        CASE WHEN holder.name_keys = named.name_keys THEN 'same-details' ELSE 'similar-name' END
    FROM named JOIN people_person AS holder
        ON holder.force = named.force AND holder.born_on = named.born_on
    WHERE holder.id <> named.id AND holder.name_keys && named.name_keys
    UNION
    SELECT named.record_id, holder.id, 'same-name'
    FROM named JOIN people_person AS holder
        ON holder.name_keys = named.name_keys AND holder.force = named.force
    WHERE holder.id <> named.id
        AND (holder.born_on IS NULL OR named.born_on IS NULL)
        AND cardinality(named.name_keys) > 2
    UNION
    SELECT named.record_id, holder.id, 'same-email'
    FROM named JOIN people_person AS holder
        ON holder.force = named.force AND holder.email_key = named.email_key
    WHERE holder.id <> named.id AND named.email_key <> ''
    UNION
    SELECT named.record_id, holder.id, 'same-phone'
    FROM named JOIN people_person AS holder
        ON holder.force = named.force AND holder.phone_key = named.phone_key
    WHERE holder.id <> named.id AND named.phone_key <> ''
    UNION
    SELECT named.record_id, holder.id, 'household'
    FROM named JOIN people_person AS holder ON holder.address_id = named.address_id
    WHERE holder.id <> named.id AND holder.force = named.force
    UNION
    SELECT places.record_id, holder.id, 'address'
    FROM places JOIN people_person AS holder ON holder.address_id = places.location_id
    WHERE holder.force = %(force)s
)
SELECT matches.record_id, matches.holder_id, matches.reason FROM matches
WHERE EXISTS (
    SELECT FROM firearms_certificate AS certificate
    WHERE certificate.holder_id = matches.holder_id AND certificate.state = 'in-force'
)
ORDER BY 1, 2, 3
"""


def find_holder_matches(
    *, force: str, records: Sequence[VettingRecord]
) -> Mapping[tuple[UUID, UUID], list[str]]:
    """Return why each record names each holder, by the ids of record and holder.

    Part of a command: it discloses nothing by itself.
    """
    require_command()
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"ids": [record.id for record in records], "force": force})
        rows = cursor.fetchall()
    matches: dict[tuple[UUID, UUID], list[str]] = defaultdict(list)
    for record_id, holder_id, reason in rows:
        matches[record_id, holder_id].append(reason)
    return matches
