-- Whether someone is about to order is asked before their record is merged or erased.
CREATE INDEX payments_with_document ON payments (merchant_id) WHERE document IS NOT NULL;
