-- What staff wrote when they gave points or money back may tell of the person: it goes when they are erased, the figures stay.
GRANT UPDATE (note) ON loyalty_ledger TO storeflow_app;
GRANT UPDATE (reason) ON refunds TO storeflow_app;
