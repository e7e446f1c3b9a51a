-- Which history of the database this is: the timeline of its write-ahead log, eight hexadecimal digits. It changes by itself when a standby
-- is promoted or a backup restored, so that a position from a lost future cannot pass for one of the present. Zeros where the host does not tell.
CREATE FUNCTION database_timeline() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN left(pg_walfile_name(pg_current_wal_lsn()), 8);
EXCEPTION WHEN insufficient_privilege OR feature_not_supported THEN
  RETURN '00000000';
END $$;
