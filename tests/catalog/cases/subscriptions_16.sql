-- needs: 16
CREATE SUBSCRIPTION options CONNECTION 'dbname=x' PUBLICATION p
  WITH (connect = false, binary = true, streaming = parallel, two_phase = true, disable_on_error = true, password_required = false,
        run_as_owner = true, origin = none);
CREATE SUBSCRIPTION streamed CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, streaming = on);
