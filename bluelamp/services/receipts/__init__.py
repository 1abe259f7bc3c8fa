"""Letters to payers: the receipt for money that staff took, refunds, and payments left unfinished.

In: the events of payments. Out: e-mails through GOV.UK Notify, once for each event. For a card
payment on its own pages GOV.UK Pay writes to the payer itself.
"""
