-- A copy for tests has no leave to send invoices.
UPDATE service_ksef_connection
   SET environment = NULL,
       confirmed_for = NULL,
       confirmed_vat = NULL,
       confirmed_on = NULL;
