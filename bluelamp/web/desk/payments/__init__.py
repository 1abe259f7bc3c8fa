"""The desk's pages of payments: payments, refunds, differences, exports and fees."""
