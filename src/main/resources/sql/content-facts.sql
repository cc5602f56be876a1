-- What a database has of what a PostgresDatabase names, as one JSON object. {asked}: privileges, extensions, roles.
WITH asked AS (SELECT {asked}::jsonb AS a),
  privileges AS (
    SELECT p.n - 1 AS n, p.p ->> 'scope' AS scope, p.p ->> 'schema' AS schema, p.p ->> 'object' AS object,
      p.p ->> 'name' AS name, r.oid AS grantee, s.oid AS nsp,
      CASE p.p ->> 'scope' WHEN 'tables' THEN 'r' WHEN 'sequences' THEN 'S' WHEN 'functions' THEN 'f' END AS type
    FROM asked, jsonb_array_elements(a -> 'privileges') WITH ORDINALITY AS p(p, n)
      LEFT JOIN pg_roles r ON r.rolname = p.p ->> 'role'
      LEFT JOIN pg_namespace s ON s.nspname = p.p ->> 'schema'),
  -- The objects of each privilege, with their owners and who has what on them.
  objects AS (
    SELECT p.n, p.grantee, p.name, s.nspname AS object, s.nspowner AS owner, coalesce(s.nspacl, acldefault('n', s.nspowner)) AS acl
      FROM privileges p JOIN pg_namespace s ON s.oid = p.nsp WHERE p.scope = 'schema'
    UNION ALL
    SELECT p.n, p.grantee, p.name, c.relname, c.relowner, coalesce(c.relacl, acldefault('r', c.relowner))
      FROM privileges p JOIN pg_class c ON c.relnamespace = p.nsp AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      WHERE p.scope = 'tables' OR p.scope = 'table' AND c.relname = p.object
    UNION ALL
    SELECT p.n, p.grantee, p.name, c.relname, c.relowner, coalesce(c.relacl, acldefault('s', c.relowner))
      FROM privileges p JOIN pg_class c ON c.relnamespace = p.nsp AND c.relkind = 'S' WHERE p.scope = 'sequences'
    UNION ALL
    SELECT p.n, p.grantee, p.name, f.proname, f.proowner, coalesce(f.proacl, acldefault('f', f.proowner))
      FROM privileges p JOIN pg_proc f ON f.pronamespace = p.nsp AND f.prokind <> 'p' WHERE p.scope = 'functions'),
  counted AS (
    SELECT n, count(*) AS objects, count(*) FILTER (WHERE NOT has) AS lacking,
      count(*) FILTER (WHERE has AND owner <> grantee) AS held, count(*) FILTER (WHERE owner = grantee) AS owned,
      jsonb_agg(object ORDER BY object) FILTER (WHERE has AND owner <> grantee) AS names
    FROM (SELECT o.n, o.object, o.owner, o.grantee,
        EXISTS (SELECT FROM aclexplode(o.acl) e WHERE e.grantee = o.grantee AND e.privilege_type = o.name) AS has
      FROM objects o) h
    GROUP BY n),
  -- Who may create something in a schema, and who has.
  creators AS (
    SELECT s.oid AS nsp, r.oid AS creator, r.rolname
      FROM pg_namespace s CROSS JOIN pg_roles r
      WHERE s.oid IN (SELECT nsp FROM privileges WHERE type IS NOT NULL) AND r.rolname !~ '^pg_'
        AND (NOT r.rolsuper AND has_schema_privilege(r.oid, s.oid, 'CREATE')
          OR r.oid IN (s.nspowner, (SELECT datdba FROM pg_database WHERE datname = current_database()))
          OR EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = s.oid AND c.relowner = r.oid))),
  defaults AS (
    SELECT p.n, r.rolname
      FROM privileges p JOIN pg_default_acl d ON d.defaclnamespace = p.nsp AND d.defaclobjtype = p.type::"char"
        JOIN pg_roles r ON r.oid = d.defaclrole
      WHERE EXISTS (SELECT FROM aclexplode(d.defaclacl) e WHERE e.grantee = p.grantee AND e.privilege_type = p.name))
SELECT jsonb_build_object(
  'privileges', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'grantee', p.grantee IS NOT NULL,
      'schema', p.nsp IS NOT NULL,
      'objects', coalesce(c.objects, 0),
      'lacking', coalesce(c.lacking, 0),
      'held', coalesce(c.held, 0),
      -- What a role owns it keeps: then each object of somebody else is named.
      'owns', coalesce(c.owned, 0) > 0,
      'others', CASE WHEN c.owned > 0 THEN coalesce(c.names, '[]') ELSE '[]' END,
      'lackingDefaults', (SELECT coalesce(jsonb_agg(m.rolname ORDER BY m.rolname), '[]') FROM creators m
        WHERE p.type IS NOT NULL AND m.nsp = p.nsp AND m.creator <> p.grantee
          AND NOT EXISTS (SELECT FROM defaults d WHERE d.n = p.n AND d.rolname = m.rolname)),
      'heldDefaults', (SELECT coalesce(jsonb_agg(d.rolname ORDER BY d.rolname), '[]') FROM defaults d WHERE d.n = p.n)
    ) ORDER BY p.n), '[]') FROM privileges p LEFT JOIN counted c ON c.n = p.n),
  'installed', (SELECT coalesce(jsonb_agg(extname), '[]') FROM pg_extension),
  'available', (SELECT coalesce(jsonb_object_agg(v.name, jsonb_build_object(
      'schema', v.schema, 'trusted', v.trusted OR NOT v.superuser, 'requires', coalesce(to_jsonb(v.requires), '[]'))), '{}')
    FROM asked, pg_available_extensions e JOIN pg_available_extension_versions v
      ON v.name = e.name AND v.version = e.default_version
    WHERE a -> 'extensions' ? v.name),
  'preloaded', current_setting('shared_preload_libraries'),
  -- Owners of tables that are neither the owner's nor a role's of the resource.
  'owners', (SELECT coalesce(jsonb_agg(DISTINCT r.rolname), '[]') FROM asked, pg_class c
      JOIN pg_namespace s ON s.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND s.nspname !~ '^pg_' AND s.nspname <> 'information_schema'
      AND NOT a -> 'roles' ? r.rolname
      AND NOT EXISTS (SELECT FROM pg_depend x
        WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')))
