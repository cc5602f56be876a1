-- What a server has of what PostgresDatabases name: one JSON object for each, in their order. {asked}: of each its roles, database,
-- resource.
SELECT jsonb_agg(facts ORDER BY n)
FROM jsonb_array_elements({asked}::jsonb) WITH ORDINALITY AS asks (a, n), LATERAL (
  WITH RECURSIVE asked AS (SELECT asks.a),
    -- Those that are named, and those that the resource has named before.
    names AS (
      SELECT jsonb_array_elements_text(a -> 'roles') AS name FROM asked
      UNION
      SELECT object FROM postgres_operator.managed, asked
        WHERE kind IN ('role', 'adopted-role') AND resource = a ->> 'resource'),
    found AS (SELECT r.* FROM pg_authid r JOIN names ON r.rolname = names.name),
    reach (member, role) AS (
      SELECT m.member, m.roleid FROM pg_auth_members m WHERE m.member IN (SELECT oid FROM found)
      UNION
      SELECT reach.member, m.roleid FROM reach JOIN pg_auth_members m ON m.member = reach.role)
  SELECT jsonb_build_object(
    'version', current_setting('server_version_num')::int,
    'replica', pg_is_in_recovery(),
    'roles', (SELECT coalesce(jsonb_object_agg(r.rolname, jsonb_build_object(
        'login', rolcanlogin,
        'superuser', rolsuper,
        'createDb', rolcreatedb,
        'createRole', rolcreaterole,
        'replication', rolreplication,
        'bypassRls', rolbypassrls,
        'connectionLimit', rolconnlimit,
        -- Microseconds: JSON knows no infinity, and a time has an epoch that fits.
        'validUntil', CASE WHEN isfinite(rolvaliduntil) THEN (extract(epoch FROM rolvaliduntil) * 1000000)::bigint END,
        'never', rolvaliduntil = '-infinity',
        'verifier', coalesce(rolpassword, ''),
        'memberOf', (SELECT coalesce(jsonb_agg(DISTINCT g.rolname), '[]')
          FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid
          -- From 16 on a membership may give nothing.
          AND (coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true) OR coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))),
        'reachesPrivileged', EXISTS (SELECT FROM reach JOIN pg_roles g ON g.oid = reach.role WHERE reach.member = r.oid
          AND (g.rolsuper OR g.rolcreaterole OR g.rolreplication OR g.rolbypassrls OR g.rolname ~ '^pg_'))
      )), '{}') FROM found r),
    'database', (SELECT jsonb_build_object(
        'owner', pg_get_userbyid(datdba),
        'encoding', pg_encoding_to_char(encoding),
        'collate', datcollate,
        'locale', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),
        'connectionLimit', datconnlimit,
        'allowConnections', datallowconn,
        'publicConnects', EXISTS (SELECT FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) e
          WHERE e.grantee = 0 AND e.privilege_type = 'CONNECT' AND e.grantor = datdba),
        'connecting', (SELECT coalesce(jsonb_agg(DISTINCT g.rolname), '[]')
          FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) e JOIN pg_roles g ON g.oid = e.grantee
          WHERE e.privilege_type = 'CONNECT'))
      FROM pg_database d, asked WHERE datname = a ->> 'database'),
    'monitor', EXISTS (SELECT FROM pg_roles WHERE rolname = 'postgres_operator_monitor'),
    'noted', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'object', object, 'resource', resource)
      ORDER BY kind, object, resource), '[]')
      FROM postgres_operator.managed, asked
      WHERE resource = a ->> 'resource'
        OR kind IN ('role', 'adopted-role') AND object IN (SELECT name FROM names)
        OR kind IN ('database', 'adopted-database') AND object = a ->> 'database'))) AS answers (facts)
