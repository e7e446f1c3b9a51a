-- What staff noted to an order may tell of the person who ordered: it goes when they are erased.
GRANT DELETE ON order_notes TO storeflow_app;
