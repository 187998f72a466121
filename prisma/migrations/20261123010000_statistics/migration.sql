-- A list or an outbox of any length appears in one transaction, long before autovacuum looks. Without statistics the planner takes it for a
-- handful of rows and sorts or compares all of them. The app's role owns no table and may not ANALYZE, so it asks for these two by name.
CREATE FUNCTION refresh_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  ANALYZE affected_person;
  ANALYZE delivery;
END
$$;
REVOKE ALL ON FUNCTION refresh_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_statistics() TO candor_app;
