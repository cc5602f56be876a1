-- What was created for a PostgresDatabase, and what needs it, as one JSON object. {asked}: resource.
WITH asked AS (SELECT {asked}::jsonb AS a),
  mine AS (SELECT m.* FROM postgres_operator.managed m, asked WHERE m.resource = a ->> 'resource')
SELECT jsonb_build_object(
  'databases', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', mine.object,
      'exists', d.oid IS NOT NULL,
      'invalid', coalesce(d.datconnlimit = -2, false),
      'others', (SELECT coalesce(jsonb_agg(DISTINCT o.resource), '[]') FROM postgres_operator.managed o, asked
        WHERE o.kind IN ('database', 'adopted-database') AND o.object = mine.object AND o.resource <> a ->> 'resource'),
      'obstacles', (SELECT coalesce(jsonb_agg(what), '[]') FROM (
        SELECT 'replication slot ' || slot_name FROM pg_replication_slots s WHERE s.datoid = d.oid
        UNION ALL SELECT 'subscription ' || subname FROM pg_subscription s WHERE s.subdbid = d.oid
        UNION ALL SELECT 'prepared transaction ' || gid FROM pg_prepared_xacts x WHERE x.database = d.datname) o (what)))), '[]')
    FROM mine LEFT JOIN pg_database d ON d.datname = mine.object WHERE mine.kind = 'database'),
  'roles', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', r.rolname,
      'others', (SELECT coalesce(jsonb_agg(DISTINCT o.resource), '[]') FROM postgres_operator.managed o, asked
        WHERE o.kind IN ('role', 'adopted-role') AND o.object = r.rolname AND o.resource <> a ->> 'resource'),
      'owns', (SELECT coalesce(jsonb_agg(DISTINCT coalesce(d.datname,
          (SELECT 'database ' || o.datname FROM pg_database o WHERE s.classid = 'pg_database'::regclass AND o.oid = s.objid),
          'the server')), '[]')
        FROM pg_shdepend s LEFT JOIN pg_database d ON d.oid = s.dbid
        WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid AND s.deptype = 'o'),
      'privileges', (SELECT coalesce(jsonb_agg(DISTINCT coalesce(d.datname, 'postgres')), '[]')
        FROM pg_shdepend s LEFT JOIN pg_database d ON d.oid = s.dbid
        WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid AND s.deptype <> 'o'))), '[]')
    FROM mine JOIN pg_roles r ON r.rolname = mine.object WHERE mine.kind = 'role'))
